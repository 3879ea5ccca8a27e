import { checkNumber, given, nonNegative } from "../../check.js";
import { minimizeSync } from "../../finite-sum/minimize.js";
import type { Engine } from "../../memory/engine.js";
import { type HostMatrix, toArray } from "./matrix.js";

/** What is saved of a model: the `toJSON()` of ml-logistic-regression. */
interface Model {
  readonly name: string;
  readonly numSteps: number;
  readonly learningRate: number;
  readonly numberClasses: number;
  readonly classifiers: readonly { numSteps: number; learningRate: number; weights: number[][] }[];
}

interface Host {
  numSteps: number;
  learningRate: number;
  numberClasses: number;
  // biome-ignore lint/suspicious/noExplicitAny: the host's classifiers are its own
  classifiers: any[];
  train(features: never, target: never): void;
}

/** The class of ml-logistic-regression 2. */
// biome-ignore lint/suspicious/noExplicitAny: what TypeScript asks of a class that is extended by a function
export type HostClass = (new (...operands: any[]) => Host) & { load(model: Model): Host };

export interface SolverOptions {
  /** Done when the norm of the gradient of the mean loss is at most this, >= 0. Default 1e-9. */
  readonly tolerance?: number;
  /** The most passes over the rows for each class, >= 1. Default 10000. */
  readonly passes?: number;
  /** >= 0. Default 0, as in the host. Where classes can be told apart without error it keeps the weights finite. */
  readonly l2?: number;
  /** Where to work. Default: `defaultEngine()`. */
  readonly engine?: Engine;
}

/**
 * ml-logistic-regression's class with another `train`: the weights at the minimum of the loss that the host's descent steps
 * toward, found by a solver for finite sums.
 *
 * ```math
 * min_w 1 / n sum_i ln(1 + e^(-s_i dot(w, x_i))) + l2 / 2 ||w||^2
 * ```
 *
 * for each class c, with s_i = -1 where y_i = c, else 1.
 *
 * There is no intercept, as in the host. `numSteps` and `learningRate` are kept and saved, and not used. `predict`, `toJSON`
 * and `load` are the host's own.
 *
 * @param LogisticRegression the class, the default export of `ml-logistic-regression` 2
 * @param options `tolerance` of the gradient's norm, 1e-9; the most `passes`, 10000; `l2` 0; `engine` `defaultEngine()`
 * @returns a class to use in its place
 * @throws TypeError for what is no such class; RangeError for options out of range
 *
 * @example
 * const Fast = logisticRegression(LogisticRegression);
 * // before: const model = new LogisticRegression();
 * const model = new Fast();
 * model.train(new Matrix([[0, -1], [1, 0], [1, 1]]), Matrix.columnVector([0, 0, 1]));
 * @see Defazio, Bach, Lacoste-Julien, "SAGA", 2014; Liu, Nocedal, "L-BFGS", 1989
 */
export function logisticRegression<Class extends HostClass>(
  LogisticRegression: Class,
  { tolerance = 1e-9, passes = 10_000, l2 = 0, engine }: SolverOptions = {},
): Class {
  const where = "logisticRegression";
  if (typeof LogisticRegression?.load !== "function" || typeof LogisticRegression.prototype?.train !== "function") {
    throw new TypeError(
      `${where}: must be given the class of ml-logistic-regression, got ${given(LogisticRegression)}`,
    );
  }
  checkNumber(where, "tolerance", tolerance, nonNegative);
  checkNumber(where, "l2", l2, nonNegative);

  function weightsOf(features: Float64Array, columns: number, labels: Float64Array): Float64Array {
    const problem = { features, rows: labels.length, columns, labels, loss: "logistic", l2, intercept: false } as const;
    return minimizeSync(problem, { tolerance, passes, ...(engine && { engine }) }).weights;
  }

  return class extends LogisticRegression {
    override train(X: HostMatrix, Y: HostMatrix): void {
      const [features, classes] = [toArray(where, "X", X), toArray(where, "Y", Y)];
      if (classes.length !== X.rows) {
        throw new RangeError(`${where}: Y must have ${X.rows} elements, one for each row of X, got ${classes.length}`);
      }
      this.numberClasses = new Set(classes).size;
      const { numSteps, learningRate, numberClasses } = this;
      const rows: number[][] = [];
      for (let c = 0; c < numberClasses; c++) {
        // Of two classes the second has the first's problem with all signs turned.
        const weights =
          c === 1 && numberClasses === 2
            ? rows[0]!.map((w) => -w)
            : [
                ...weightsOf(
                  features,
                  X.columns,
                  classes.map((y) => (y === c ? -1 : 1)),
                ),
              ];
        rows.push(weights);
      }
      const classifiers = rows.map((weights) => ({ numSteps, learningRate, weights: [weights] }));
      this.classifiers = LogisticRegression.load({
        name: "LogisticRegression",
        numSteps,
        learningRate,
        numberClasses,
        classifiers,
      }).classifiers;
    }

    static override load(model: Model): Host {
      const host = LogisticRegression.load(model);
      return Object.assign(new this(model), { classifiers: host.classifiers });
    }
  };
}
