// assembly/finite-sum. These kernels keep a state over many steps, so the table says which there are, and
// ../linear-model.ts how to set up and call them.

export type Method = "sag" | "saga" | "svrg" | "sdca";
export type Layout = "Dense" | "Csr";

export const METHODS: readonly Method[] = ["sag", "saga", "svrg", "sdca"];
/** Those that take a step from the weights and a direction. */
export const STEPS: readonly Exclude<Method, "sdca">[] = ["sag", "saga", "svrg"];
export const LAYOUTS: readonly Layout[] = ["Dense", "Csr"];

/** By code: assembly/finite-sum/loss.ts. */
export const LOSS_NAMES = [
  "Logistic",
  "Squared",
  "Absolute",
  "Hinge",
  "SquaredHinge",
  "SmoothedHinge",
  "Huber",
  "ModifiedHuber",
  "EpsilonInsensitive",
  "Poisson",
  "Perceptron",
  "Sigmoid",
] as const;
export type Loss = (typeof LOSS_NAMES)[number];

/** Those that the scenarios of many steps go through: a bounded derivative and one that is not, labels of signs and numbers. */
export const LOSSES = ["Logistic", "Squared"] as const;

const WHOLE = ["gradient", "predict", "resum", "hessian", "hessianDiagonal", "multi", "multiSteps"] as const;

export const finiteSumFamilies = [
  ...[...METHODS, ...WHOLE].flatMap((method) => LAYOUTS.map((layout) => `${method}${layout}` as const)),
  "padDense",
  "squaredNormsCsr",
  "slopes",
  "conjugates",
  "searchSmoothness",
] as const;

/** One kernel for both element types: columns of CSR models are f64. */
export const untypedKernels = ["settleCsr", "squaredGradientCsr"] as const;
