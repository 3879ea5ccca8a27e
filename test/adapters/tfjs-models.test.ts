// schuss/tfjs under whole models: what the backends keep of weights, compile and fit, save and load.

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { loadDigits } from "../../examples/mnist/data.js";
import { createOptimizers, type TfjsOptimizer } from "../../src/adapters/tfjs/index.js";
import { normalNumbers } from "../memory/random.js";
import { backends, layers, ours, tf, use } from "./tfjs-backends.js";

const normal = normalNumbers(23);
const random = (shape: number[]) => {
  const size = shape.reduce((n, k) => n * k, 1);
  return tf.tensor(
    Float32Array.from({ length: size }, () => 0.3 * normal()),
    shape,
  );
};

describe("what the wasm backend packs of a weight is packed anew when the weight has moved", () => {
  const [image, small, wide, kernel, depthwise, alpha, bias] = [
    [2, 6, 6, 3],
    [4, 8],
    [8, 5],
    [3, 3, 3, 4],
    [3, 3, 3, 1],
    [8],
    [5],
  ];
  const ops: [string, number[], (w: tf.Tensor) => tf.Tensor][] = [];
  let inputs: { image: tf.Tensor4D; rows: tf.Tensor2D; bias: tf.Tensor };

  beforeEach(async () => {
    await use("wasm");
    inputs = { image: random(image!) as tf.Tensor4D, rows: random(small!) as tf.Tensor2D, bias: random(bias!) };
  });
  afterEach(() => {
    tf.dispose(inputs);
    tf.disposeVariables();
  });

  ops.push(
    ["matMul", wide!, (w) => tf.matMul(inputs.rows, w)],
    [
      "fused matMul",
      wide!,
      (w) => tf.fused.matMul({ a: inputs.rows, b: w, bias: inputs.bias, activation: "relu" } as never),
    ],
    ["conv2d", kernel!, (w) => tf.conv2d(inputs.image, w as tf.Tensor4D, 1, "same")],
    ["depthwise conv2d", depthwise!, (w) => tf.depthwiseConv2d(inputs.image, w as tf.Tensor4D, 1, "same")],
    ["prelu", alpha!, (w) => tf.prelu(inputs.rows, w)],
  );

  // The backend has no gradients of convolutions, so the gradient is handed in: what counts is what the next call computes.
  test.each(ops)("%s", (_name, shape, op) => {
    const [start, gradient] = [random(shape), random(shape)];
    const along = (optimizer: tf.Optimizer) => {
      const w = tf.variable(start, true, "w");
      const outputs: Float32Array[] = [];
      for (let step = 0; step < 5; step++) {
        outputs.push(tf.tidy(() => op(w).dataSync<"float32">().slice()));
        optimizer.applyGradients({ w: gradient });
      }
      w.dispose();
      optimizer.dispose();
      return outputs;
    };
    const expected = along(tf.train.adam(0.1));
    const got = along(ours.adam(0.1));
    got.forEach((output, step) => {
      output.forEach((x, i) => {
        expect(Math.abs(x - expected[step]![i]!)).toBeLessThan(3e-5);
      });
    });
    expect(got[4]).not.toEqual(got[0]);
    tf.dispose([start, gradient]);
  });

  test("the memory of the backend does not grow with the steps", () => {
    const w = tf.variable(random([64, 64]), true, "w");
    const [x, gradient] = [random([8, 64]) as tf.Tensor2D, random([64, 64])];
    const optimizer = ours.adam();
    const step = () => {
      tf.matMul(x, w as tf.Variable<tf.Rank.R2>).dispose();
      optimizer.applyGradients({ w: gradient });
    };
    for (let k = 0; k < 50; k++) step();
    const bytes = () => (tf.backend() as unknown as { wasm: { HEAPU8: Uint8Array } }).wasm.HEAPU8.byteLength;
    const [before, tensors] = [bytes(), tf.memory().numTensors];
    for (let k = 0; k < 2000; k++) step();
    expect(bytes()).toBe(before);
    expect(tf.memory().numTensors).toBe(tensors);
    optimizer.dispose();
    tf.dispose([x, gradient]);
  });
});

function makeModel() {
  const model = layers.sequential();
  const initializer = (seed: number) => layers.initializers.glorotUniform({ seed });
  model.add(
    layers.layers.dense({ inputShape: [12], units: 16, activation: "relu", kernelInitializer: initializer(1) }),
  );
  model.add(layers.layers.dense({ units: 3, activation: "softmax", kernelInitializer: initializer(2) }));
  return model;
}

describe.each(backends)("a model on the backend %s", (backend) => {
  let data: { x: tf.Tensor; y: tf.Tensor };

  beforeEach(async () => {
    await use(backend);
    const x = random([60, 12]);
    const labels = Array.from({ length: 60 }, (_, k) => k % 3);
    data = { x, y: tf.tidy(() => tf.cast(tf.oneHot(tf.tensor1d(labels, "int32"), 3), "float32")) };
  });
  afterEach(() => tf.dispose(data));

  const fit = async (optimizer: tf.Optimizer, epochs = 4) => {
    const model = makeModel();
    model.compile({ optimizer, loss: "categoricalCrossentropy" });
    const { history } = await model.fit(data.x, data.y, { epochs, batchSize: 8, shuffle: false, verbose: 0 });
    return { model, losses: history.loss as number[] };
  };

  test("compile and fit: the losses of TensorFlow.js's Adam", async () => {
    const stock = await fit(tf.train.adam(0.01));
    const own = await fit(ours.adam(0.01));
    own.losses.forEach((loss, epoch) => {
      expect(Math.abs(loss - stock.losses[epoch]!)).toBeLessThan(1e-4);
    });
    expect(own.losses[3]).toBeLessThan(own.losses[0]!);
    stock.model.dispose();
    own.model.dispose();
  });

  test("a perceptron on MNIST: the curve of TensorFlow.js's Adam, batch by batch", async () => {
    const digits = loadDigits("train", 960, Float32Array);
    const x = tf.tensor2d(digits.pixels as Float32Array, [digits.rows, digits.columns]);
    const y = tf.tidy(() => tf.cast(tf.oneHot(tf.tensor1d([...digits.labels], "int32"), 10), "float32"));
    const curve = async (optimizer: tf.Optimizer) => {
      const model = layers.sequential();
      const kernelInitializer = (seed: number) => layers.initializers.glorotUniform({ seed });
      const hidden = { units: 32, activation: "relu", kernelInitializer: kernelInitializer(1) } as const;
      model.add(layers.layers.dense({ ...hidden, inputShape: [digits.columns] }));
      model.add(layers.layers.dense({ units: 10, activation: "softmax", kernelInitializer: kernelInitializer(2) }));
      model.compile({ optimizer, loss: "categoricalCrossentropy" });
      const losses: number[] = [];
      const onBatchEnd = async (_batch: number, logs?: layers.Logs) => void losses.push(logs!.loss as number);
      await model.fit(x, y, { batchSize: 32, shuffle: false, verbose: 0, callbacks: { onBatchEnd } });
      model.dispose();
      return losses;
    };
    const [stock, own] = [await curve(tf.train.adam()), await curve(ours.adam())];
    expect(own).toHaveLength(30);
    own.forEach((loss, batch) => {
      // A start that differs in the last bit makes 4e-7.
      expect(Math.abs(loss - stock[batch]!)).toBeLessThan(2e-6);
    });
    expect(own[29]).toBeLessThan(0.8 * own[0]!);
    tf.dispose([x, y]);
  });

  test.each([
    ["TensorFlow.js's own, registered", (o: typeof ours) => o.adam(0.01)],
    ["a rule of ours", (o: typeof ours) => o.adamw(0.01, { weightDecay: 0.1 })],
  ])("saved with its optimizer, loaded and trained on, twice: %s", async (_name, make) => {
    const registering = createOptimizers(tf, { register: true });
    const through = await fit(make(registering), 3);
    through.model.optimizer.dispose();
    let { model } = await fit(make(registering), 1);
    let saved: tf.io.ModelArtifacts | undefined;
    const handler: tf.io.IOHandler = {
      save: async (artifacts) => {
        saved = artifacts;
        return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: "JSON" } };
      },
      load: async () => saved!,
    };
    for (const epoch of [1, 2]) {
      await model.save(handler, { includeOptimizer: true });
      model.dispose();
      model = (await layers.loadLayersModel(handler)) as typeof model;
      expect((model.optimizer as TfjsOptimizer).setLearningRate).toBeTypeOf("function");
      const { history } = await model.fit(data.x, data.y, { epochs: 1, batchSize: 8, shuffle: false, verbose: 0 });
      expect(history.loss).toEqual([through.losses[epoch]]);
    }
    model.dispose();
    through.model.dispose();
  });
});
