/**
 * Linear models and perceptrons of other libraries, solved by kernels. One line of a program is changed:
 *
 * ```diff
 * - const model = new LogisticRegression();
 * + const model = new (logisticRegression(LogisticRegression))();
 * ```
 * @module schuss/ml
 */

export { type HostClass, logisticRegression, type SolverOptions } from "./logistic-regression.js";
export { fromMatrix, type HostMatrix, type MatrixClass, toMatrix } from "./matrix.js";
export { type HostNeuralNetwork, neuralNetwork } from "./neural-network.js";
