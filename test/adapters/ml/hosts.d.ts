// Hosts that come without types: as much of them as the tests use.

declare module "@nlpjs/neural" {
  interface Perceptron {
    readonly id: number;
    readonly weights: Float32Array;
    readonly changes: Float32Array;
    bias: number;
  }

  type Features = Readonly<Record<string, number>>;

  export class NeuralNetwork {
    constructor(settings?: object);
    readonly settings: { readonly alpha: number; readonly momentum: number };
    readonly decayLearningRate: number;
    readonly perceptrons: readonly Perceptron[];
    train(corpus: readonly { input: Features; output: Features }[]): { iterations: number; error: number };
    trainPerceptron(perceptron: Perceptron, data: never): number;
    run(input: Features): Features;
    toJSON(): unknown;
  }
}

declare module "ml-logistic-regression" {
  import type { Matrix } from "ml-matrix";

  export default class LogisticRegression {
    constructor(options?: object);
    numSteps: number;
    learningRate: number;
    numberClasses: number;
    classifiers: { weights: Matrix }[];
    train(X: Matrix, Y: Matrix): void;
    predict(X: Matrix): number[];
    static load(model: object): LogisticRegression;
  }
}
