import type { Classes } from "../estimators/classes.js";
import { greatestSlope } from "../estimators/greatest-slope.js";
import { UsageError } from "./errors.js";
import type { SolverFlags } from "./flags.js";
import { labelsOf, numbersOf } from "./input/measured.js";
import type { Task } from "./input/task.js";

/** At the entry itself, rounding would decide whether its weight leaves 0. */
const ROUNDING = 1 + 1e-12;

/**
 * The least l1 for which all weights are 0: the largest entry of the gradient there, with the intercept at its best. Of the losses whose
 * best intercepts have a formula: squared, logistic and softmax, which predict the mean, or the classes' shares.
 */
export function greatestL1({ data, classes }: Task, flags: SolverFlags): number {
  const { loss, scaleColumns, classWeights } = flags;
  if (!["logistic", "softmax", "squared"].includes(loss) || scaleColumns || classWeights !== undefined) {
    throw new UsageError(
      "--from must be given, except for the losses logistic, softmax and squared, on columns that are not scaled and rows that count alike",
    );
  }
  const slopes = targetsOf(classes).map((target) => {
    const labels = target === undefined ? numbersOf(data) : indicator(classes!, target, labelsOf(data));
    const prediction = predictionOf(labels, flags, classes);
    return greatestSlope(data, (row) => (prediction - labels[row]!) / data.rows);
  });
  const greatest = Math.max(...slopes);
  if (greatest === 0) throw new UsageError("--from must be given: no column says anything of the labels");
  return greatest * ROUNDING;
}

/** The classes that have weights of their own: of two one is enough. Undefined for numbers. */
function targetsOf(classes: Classes | undefined): (number | undefined)[] {
  if (classes === undefined) return [undefined];
  return classes.count === 2 ? [1] : classes.labels.map((_, k) => k);
}

function indicator(classes: Classes, target: number, labels: ArrayLike<number | string>): Float64Array {
  return Float64Array.from(classes.encode(labels), (index) => (index === target ? 1 : 0));
}

/** What is predicted of all rows where the weights are 0. */
function predictionOf(labels: Float64Array, { loss, intercept }: SolverFlags, classes: Classes | undefined): number {
  if (intercept) return labels.reduce((sum, label) => sum + label / labels.length, 0);
  if (loss === "squared") return 0;
  return loss === "softmax" ? 1 / classes!.count : 1 / 2;
}
