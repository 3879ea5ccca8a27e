import { checkInteger } from "../check.js";
import type { Label } from "../estimators/index.js";
import { permutation, randomBits } from "../finite-sum/sampling.js";

/** Which rows a fold learns from and which it is measured by, both ascending. */
export interface Fold {
  readonly train: Int32Array;
  readonly test: Int32Array;
}

/**
 * Rows dealt out at random into parts of nearly equal size; with classes class after class, so that every part has its share
 * of each.
 */
export function dealFolds(
  where: string,
  folds: number,
  rows: number,
  seed: number,
  classes?: ArrayLike<Label>,
): readonly Fold[] {
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
