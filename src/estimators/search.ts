import { checkInteger, checkNumber, given, type Interval } from "../check.js";
import type { Label } from "./classes.js";
import type { Matrix } from "./features.js";
import { foldPath } from "./fold-path.js";
import type { FoldPathInput } from "./fold-path-data.js";
import { type FoldRows, foldsOf } from "./folds.js";
import type { Found } from "./found.js";
import type { SolverOptions } from "./options.js";
import { pick } from "./rows.js";
import { type FitOptions, rethrow } from "./training.js";

/** How the folds of a search are made. */
export interface SearchOptions {
  /**
   * Into how many parts the rows are dealt at random by the seed, classifiers' with each class in its share; or the parts
   * themselves. Default 5.
   */
  readonly folds?: number | readonly FoldRows[];
}

/** What tells one search from another. */
export interface Search {
  readonly where: string;
  readonly estimator: FoldPathInput["estimator"];
  /** What is the same in every fit. */
  readonly shared: SolverOptions;
  /** The name of the option that changes. */
  readonly changing: "regularization" | "inverseRegularization";
  /** What is tried: asked for once the folds are known to be possible. */
  penalties(): readonly number[];
  /** Whether the greatest measure is the best. */
  readonly greatest: boolean;
}

/** Measures every penalty by every fold, with warm starts from the strongest to the weakest, and picks the best in the mean. */
export async function findPenalty(
  search: Search,
  { folds = 5 }: SearchOptions,
  table: Matrix,
  labels: ArrayLike<Label>,
  { sampleWeights, signal, threads }: FitOptions,
): Promise<Found> {
  const { where, estimator, shared, changing, greatest } = search;
  const { engine, ...own } = shared;
  const parts = foldsOf(where, folds, shared.seed ?? 0, labels, greatest);
  if (greatest) for (const [k, { train }] of parts.entries()) checkTwoClasses(where, k, pick(labels, train));
  const penalties = search.penalties();
  const stronger = (a: number, b: number) =>
    changing === "regularization" ? penalties[b]! - penalties[a]! : penalties[a]! - penalties[b]!;
  const order = [...penalties.keys()].sort(stronger);
  const options = order.map((k) => ({ ...own, [changing]: penalties[k] }));
  const inputs = parts.map(
    (fold) => (): FoldPathInput => ({ estimator, options, table, labels, sampleWeights, ...fold }),
  );
  const context = { engine, signal };
  const outputs = threads
    ? await threads.run("foldPath", inputs, context).catch(rethrow(signal))
    : await inTurn(inputs, (input) => foldPath(input(), context));
  const sums = order.map((_, place) => outputs.reduce((sum, { measures }) => sum + measures[place]!, 0));
  const better = (a: number, b: number) => (greatest ? a > b : a < b);
  const winner = sums.reduce((best, sum, place) => (better(sum, sums[best]!) ? place : best), 0);
  const placeOf = new Map(order.map((k, place) => [k, place]));
  return {
    penalties,
    measures: outputs.map(({ measures }) => penalties.map((_, k) => measures[placeOf.get(k)!]!)),
    best: order[winner]!,
    unconverged: outputs.reduce((count, { converged }) => count + penalties.length - converged, 0),
  };
}

function checkTwoClasses(where: string, fold: number, labels: readonly Label[]): void {
  if (labels.some((label) => label !== labels[0])) return;
  throw new RangeError(
    `${where}: the rows that fold ${fold} learns from are all of class ${labels[0]}; take other folds`,
  );
}

async function inTurn<Input, Output>(
  inputs: readonly Input[],
  work: (input: Input) => Promise<Output>,
): Promise<Output[]> {
  const outputs: Output[] = [];
  for (const input of inputs) outputs.push(await work(input));
  return outputs;
}

/** A list of penalties, or how many there are to be. */
export function checkPenalties(
  where: string,
  name: string,
  value: number | readonly number[],
  interval: Interval,
): number | readonly number[] {
  if (typeof value === "number") return checkInteger(where, name, value, 1, Number.MAX_SAFE_INTEGER);
  if (!Array.isArray(value)) {
    throw new TypeError(`${where}: ${name} must be a number or an array of numbers, got ${given(value)}`);
  }
  if (value.length === 0) throw new RangeError(`${where}: ${name} must have at least one element`);
  return value.map((one, k) => checkNumber(where, `${name}[${k}]`, one, interval));
}

/** `count` numbers from the first to the last, each the same factor from the one before. */
export function geometric(first: number, last: number, count: number): number[] {
  return Array.from({ length: count }, (_, k) => (count === 1 ? first : first * (last / first) ** (k / (count - 1))));
}
