import { checkNumber, given, nonNegative } from "../check.js";
import type { Classes } from "./classes.js";

/**
 * How much the rows of each class count: `"balanced"`, n / (classes * rows of the class), or a weight by label, 1 for a
 * label that is not named; scikit-learn's `class_weight`.
 */
export type ClassWeights = "balanced" | Readonly<Record<string, number>>;

export function checkClassWeights(where: string, classWeights: ClassWeights | undefined): void {
  if (classWeights === undefined || classWeights === "balanced") return;
  if (typeof classWeights !== "object" || Array.isArray(classWeights) || Symbol.iterator in classWeights) {
    throw new TypeError(
      `${where}: classWeights must be "balanced" or an object of weights by label, got ${given(classWeights)}`,
    );
  }
}

/** One weight a class, those that are named. */
export function weightsOf(
  where: string,
  classWeights: Exclude<ClassWeights, "balanced">,
  classes: Classes,
): Float64Array {
  const names = classes.labels.map(String);
  for (const [label, weight] of Object.entries(classWeights)) {
    if (!names.includes(label)) {
      throw new RangeError(`${where}: classWeights has "${label}", but the classes are ${names.join(", ")}`);
    }
    checkNumber(where, `classWeights["${label}"]`, weight, nonNegative);
  }
  return Float64Array.from(names, (label) => classWeights[label] ?? 1);
}

/** n / (classes * rows of the class). */
export function balanced(encoded: Int32Array, classes: number): Float64Array {
  const counts = new Float64Array(classes);
  for (const index of encoded) counts[index]!++;
  return counts.map((count) => encoded.length / (classes * count));
}

/** A weight for every row: that of its class, times its own if it has one. */
export function spread(encoded: Int32Array, byClass: Float64Array, sampleWeights?: ArrayLike<number>): Float64Array {
  return Float64Array.from(encoded, (index, i) => byClass[index]! * (sampleWeights?.[i] ?? 1));
}
