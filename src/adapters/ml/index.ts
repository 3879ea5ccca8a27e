// schuss/ml: linear models and perceptrons of other libraries.

export { type HostClass, logisticRegression, type SolverOptions } from "./logistic-regression.js";
export { fromMatrix, type HostMatrix, type MatrixClass, toMatrix } from "./matrix.js";
export { type HostNeuralNetwork, neuralNetwork } from "./neural-network.js";
