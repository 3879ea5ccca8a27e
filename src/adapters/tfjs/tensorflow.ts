import type * as core from "@tensorflow/tfjs-core";

/** TensorFlow.js as the caller has it: `@tensorflow/tfjs`, or `@tensorflow/tfjs-core`. Nothing else of it is loaded. */
export type TensorFlow = Pick<
  typeof core,
  | "Optimizer"
  | "backend"
  | "dispose"
  | "engine"
  | "getBackend"
  | "mul"
  | "scalar"
  | "serialization"
  | "tensor"
  | "zeros"
>;

/** A weight of an optimizer, as `getWeights` lists them. */
export interface NamedTensor {
  name: string;
  tensor: core.Tensor;
}
