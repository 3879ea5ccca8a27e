/** Where a library departs from the rule that it names, and what the rules here do. */
export interface Deviation {
  readonly library: string;
  readonly version: string;
  /** The function here. */
  readonly rule: string;
  readonly theirs: string;
  readonly ours: string;
  /** The options that do as they do; undefined where there are none. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** Where a parameter stands that was 0, after steps along these gradients: how much it matters. */
  readonly example: {
    readonly options: Readonly<Record<string, unknown>>;
    readonly dtype: "float32" | "float64";
    readonly gradients: readonly number[];
    readonly theirs: number;
    readonly ours: number;
  };
}

/**
 * Errors of libraries that a `convention` does not reproduce, with their size; a test runs every example. Where an option
 * reproduces the error, it is named after it, so that nobody has it by accident.
 */
export const deviations: readonly Deviation[] = [
  {
    library: "TensorFlow.js",
    version: "4.22",
    rule: "adadelta",
    theirs: "divides by the root of the average from before the step",
    ours: "divides by the root of the new average, as published",
    options: { faithfulToBug: "tfjsStaleDenominator" },
    example: {
      options: { convention: "tfjs", learningRate: 1 },
      dtype: "float32",
      gradients: [1],
      theirs: -1,
      ours: -Math.sqrt(1e-7 / (0.05 + 1e-7)),
    },
  },
  {
    library: "TensorFlow.js",
    version: "4.22",
    rule: "rmsprop",
    theirs: "takes epsilon away from the variance under the root, if centred; NaN where the variance is less",
    ours: "adds it",
    options: { faithfulToBug: "tfjsSubtractedEpsilon" },
    example: {
      options: { convention: "tfjs", centered: true, learningRate: 1, epsilon: 0.08 },
      dtype: "float32",
      gradients: [1],
      theirs: -1 / Math.sqrt(0.1 - 0.01 - 0.08),
      ours: -1 / Math.sqrt(0.1 - 0.01 + 0.08),
    },
  },
  {
    library: "TensorFlow.js",
    version: "4.22",
    rule: "rmsprop",
    theirs: "NaN at the first small gradient, if centred, since the variance is below epsilon",
    ours: "goes on, with a variance of at least 0",
    options: { faithfulToBug: "tfjsSubtractedEpsilon" },
    example: {
      options: { convention: "tfjs", centered: true, learningRate: 1 },
      dtype: "float32",
      gradients: [1e-4],
      theirs: Number.NaN,
      ours: -1e-4 / Math.sqrt(0.09e-8 + 1e-7),
    },
  },
  {
    library: "PyTorch",
    version: "1.13",
    rule: "rprop",
    theirs: "multiplies two gradients to compare their signs: the product underflows, and the step does not grow",
    ours: "compares the signs",
    example: {
      options: { learningRate: 0.5 },
      dtype: "float32",
      gradients: [1e-25, 1e-25],
      theirs: -1,
      ours: -1.1,
    },
  },
];
