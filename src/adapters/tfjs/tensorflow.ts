import type * as core from "@tensorflow/tfjs-core";

/** TensorFlow.js as the caller has it: `@tensorflow/tfjs`, or `@tensorflow/tfjs-core`. Nothing else of it is loaded. */
export type TensorFlow = Pick<
  typeof core,
  | "Optimizer"
  | "abs"
  | "add"
  | "addN"
  | "backend"
  | "clipByValue"
  | "clone"
  | "dispose"
  | "div"
  | "engine"
  | "equal"
  | "fill"
  | "getBackend"
  | "getKernel"
  | "greater"
  | "isFinite"
  | "keep"
  | "logicalNot"
  | "maximum"
  | "minimum"
  | "mul"
  | "registerKernel"
  | "relu"
  | "scalar"
  | "serialization"
  | "sign"
  | "sqrt"
  | "square"
  | "sub"
  | "sum"
  | "tensor"
  | "tidy"
  | "unregisterKernel"
  | "where"
  | "zeros"
  | "zerosLike"
>;

/** A weight of an optimizer, as `getWeights` lists them. */
export interface NamedTensor {
  name: string;
  tensor: core.Tensor;
}
