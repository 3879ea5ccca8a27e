import { checkInteger, given } from "../check.js";
import { permutation, randomBits } from "../finite-sum/sampling.js";
import type { Label } from "./classes.js";

/** Which rows a fold learns from and which it is measured by, both ascending. */
export interface Fold {
  readonly train: Int32Array;
  readonly test: Int32Array;
}

/** A fold as it may be given. */
export interface FoldRows {
  readonly train: ArrayLike<number>;
  readonly test: ArrayLike<number>;
}

/** Options with folds that go through JSON. */
export function savedFolds<Options extends object>(options: Options): Options {
  const { folds } = options as { folds?: number | readonly FoldRows[] };
  if (folds === undefined || typeof folds === "number") return options;
  return { ...options, folds: folds.map(({ train, test }) => ({ train: Array.from(train), test: Array.from(test) })) };
}

/**
 * Rows dealt out at random into parts of nearly equal size; with classes class after class, so that every part has its share
 * of each.
 */
function dealFolds(
  where: string,
  folds: number,
  rows: number,
  seed: number,
  classes?: ArrayLike<Label>,
): readonly Fold[] {
  if (folds > rows) throw new RangeError(`${where}: there are fewer rows, ${rows}, than folds, ${folds}`);
  checkInteger(where, "folds", folds, 2, rows);
  const order = new Int32Array(rows);
  permutation(randomBits(seed))(order, 0);
  const groups = new Map<Label | undefined, number[]>();
  for (const i of order) {
    const members = groups.get(classes?.[i]);
    if (members === undefined) groups.set(classes?.[i], [i]);
    else members.push(i);
  }
  const part = new Int32Array(rows);
  let next = 0;
  for (const members of groups.values()) for (const i of members) part[i] = next++ % folds;
  const rowsThat = (wanted: (row: number) => boolean) => order.map((_, i) => i).filter(wanted);
  return Array.from({ length: folds }, (_, fold) => ({
    train: rowsThat((i) => part[i] !== fold),
    test: rowsThat((i) => part[i] === fold),
  }));
}

/** The folds that were asked for, by how many or one by one. */
export function foldsOf(
  where: string,
  folds: number | readonly FoldRows[],
  seed: number,
  labels: ArrayLike<Label>,
  classes: boolean,
): readonly Fold[] {
  if (typeof folds === "number") {
    checkInteger(where, "seed", seed, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
    return dealFolds(where, folds, labels.length, seed, classes ? labels : undefined);
  }
  if (!Array.isArray(folds) || folds.length === 0) {
    throw new TypeError(
      `${where}: folds must be a number, or an array of { train, test }, got ${Array.isArray(folds) ? "none" : given(folds)}`,
    );
  }
  return (folds as readonly FoldRows[]).map(({ train, test }, k) => {
    for (const [name, part] of Object.entries({ train, test })) {
      if (!(part?.length > 0)) {
        throw new TypeError(
          `${where}: folds[${k}].${name} must be an array of rows, at least one, got ${part?.length === 0 ? "none" : given(part)}`,
        );
      }
      for (const i of Array.from(part)) checkInteger(where, `folds[${k}].${name}`, i, 0, labels.length - 1);
    }
    return { train: Int32Array.from(train), test: Int32Array.from(test) };
  });
}
