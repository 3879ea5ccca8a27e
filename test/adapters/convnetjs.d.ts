// ConvNetJS brings no types: what the tests use of it.
declare module "convnetjs" {
  class Vol {
    constructor(values: number[]);
    w: Float64Array;
    dw: Float64Array;
  }
  class Net {
    layers: { filters?: Vol[] }[];
    makeLayers(definitions: object[]): void;
    forward(input: Vol, isTraining: boolean): Vol;
    backward(label: number): number;
    getParamsAndGrads(): { params: Float64Array; grads: Float64Array }[];
    toJSON(): object;
    fromJSON(json: object): void;
  }
  class Trainer {
    constructor(net: Net, options: object);
    train(
      input: Vol,
      label: number,
    ): Record<"loss" | "cost_loss" | "l1_decay_loss" | "l2_decay_loss" | "softmax_loss", number>;
  }
  const convnetjs: { Vol: typeof Vol; Net: typeof Net; Trainer: typeof Trainer };
  export default convnetjs;
}
