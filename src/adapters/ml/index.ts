/**
 * Linear models and perceptrons of other libraries, solved by kernels.
 * @module schuss/ml
 */

export { type HostClass, logisticRegression, type SolverOptions } from "./logistic-regression.js";
export { fromMatrix, type HostMatrix, type MatrixClass, toMatrix } from "./matrix.js";
export { type HostNeuralNetwork, neuralNetwork } from "./neural-network.js";
