// The rows of ../golden/sklearn-sag.json, and those that scikit-learn drew of them.

import { readFileSync } from "node:fs";
import { csr, type Sampler } from "../../src/finite-sum/index.js";
import type { Engine } from "../../src/index.js";

export const readGolden = (name: string) =>
  JSON.parse(readFileSync(new URL(`../golden/${name}`, import.meta.url), "utf8"));

interface Rows {
  readonly n: number;
  readonly d: number;
  readonly epochs: number;
  readonly X: readonly (readonly number[])[];
  readonly draws: readonly number[];
}

export const { n, d, epochs, X, draws }: Rows = readGolden("sklearn-sag.json");

const dense = Float64Array.from(X.flat());

function sparse() {
  const entries = X.map((row) => row.flatMap((value, column) => (value === 0 ? [] : [{ value, column }])));
  const offsets = [0];
  for (const row of entries) offsets.push(offsets.at(-1)! + row.length);
  return csr({
    values: Float64Array.from(entries.flat(), ({ value }) => value),
    indices: entries.flat().map(({ column }) => column),
    offsets,
    columns: d,
  });
}

/** What a problem says of the rows. */
export const rowsOf = (layout: { readonly csr: boolean }) =>
  layout.csr ? { features: sparse() } : { features: dense, rows: n, columns: d };

const order: Sampler = (rows, pass) => rows.set(draws.slice(pass * n, (pass + 1) * n));

interface Settings {
  readonly saga: boolean;
  readonly step: number;
}

export const methodOf = ({ saga }: Pick<Settings, "saga">) => (saga ? "saga" : "sag");

/** What makes `minimize` do scikit-learn's steps. */
export const replaying = (settings: Settings) =>
  ({ method: methodOf(settings), order, stepSize: settings.step, passes: epochs, tolerance: 0 }) as const;

/** Lets a model step along the drawn rows, a list of indices at an address, and gives the memory back. */
export function withDraws(engine: Engine, model: { dispose(): void }, use: (order: number) => void): void {
  const list = engine.allocate(model, 4 * draws.length);
  try {
    new Int32Array(engine.memory.buffer, list.pointer, draws.length).set(draws);
    use(list.pointer);
  } finally {
    list.dispose();
    model.dispose();
  }
}
