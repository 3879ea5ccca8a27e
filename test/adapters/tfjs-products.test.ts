// Products with a transposed operand on TensorFlow.js's wasm backend: by the kernel here, against the backend's own from before.

import { beforeAll, describe, expect, test } from "vitest";
import { createOptimizers } from "../../src/adapters/tfjs/index.js";
import { normalNumbers } from "../memory/random.js";
import { expectTensorsReturned, layers, tf, use } from "./tfjs-backends.js";

const cases: [a: number[], b: number[], transposeA: boolean, transposeB: boolean][] = [
  [[32, 784], [32, 42], true, false],
  [[32, 10], [42, 10], false, true],
  [[5, 3], [7, 5], true, true],
  [[3, 5], [5, 7], false, false],
  [[4, 9, 6], [4, 9, 3], true, false],
  [[2, 3, 5, 6], [2, 3, 8, 6], false, true],
  [[1, 5, 3], [4, 5, 2], true, false],
];

function product([a, b, transposeA, transposeB]: (typeof cases)[0]) {
  const normal = normalNumbers(5);
  const random = (shape: number[]) =>
    tf.tensor(Float32Array.from({ length: tf.util.sizeFromShape(shape) }, normal), shape);
  return tf.tidy(() => {
    const result = tf.matMul(random(a), random(b), transposeA, transposeB);
    return { shape: result.shape, values: [...result.dataSync<"float32">()] };
  });
}

/** The losses of a perceptron's epochs. */
async function losses(): Promise<number[]> {
  const normal = normalNumbers(7);
  const model = layers.sequential({
    layers: [
      layers.layers.dense({
        inputShape: [20],
        units: 16,
        activation: "relu",
        kernelInitializer: layers.initializers.glorotUniform({ seed: 1 }),
      }),
      layers.layers.dense({ units: 3, kernelInitializer: layers.initializers.glorotUniform({ seed: 2 }) }),
    ],
  });
  const x = tf.tensor2d(Float32Array.from({ length: 64 * 20 }, normal), [64, 20]);
  const y = tf.tensor2d(Float32Array.from({ length: 64 * 3 }, normal), [64, 3]);
  const optimizer = tf.train.adam(0.01);
  model.compile({ optimizer, loss: "meanSquaredError" });
  const { history } = await model.fit(x, y, { epochs: 5, batchSize: 16, shuffle: false, verbose: 0 });
  model.dispose();
  optimizer.dispose();
  tf.dispose([x, y]);
  return history.loss as number[];
}

describe("products", () => {
  let theirs: { products: ReturnType<typeof product>[]; losses: number[] };

  beforeAll(async () => {
    await use("wasm");
    theirs = { products: cases.map(product), losses: await losses() };
    createOptimizers(tf, { products: true });
  });

  expectTensorsReturned("wasm");

  test.each(cases.map((given, k) => [...given, k] as const))("%j times %j, transposed: %s, %s", (...given) => {
    const [a, b, transposeA, transposeB, k] = given;
    const ours = product([a, b, transposeA, transposeB]);
    expect(ours.shape).toStrictEqual(theirs.products[k]!.shape);
    for (const [i, value] of ours.values.entries()) expect(value).toBeCloseTo(theirs.products[k]!.values[i]!, 4);
  });

  test("are in the place of the backend's once, however many optimizers are made", () => {
    const { kernelFunc } = tf.getKernel("BatchMatMul", "wasm")!;
    createOptimizers(tf, { products: true });
    expect(tf.getKernel("BatchMatMul", "wasm")!.kernelFunc).toBe(kernelFunc);
  });

  test("train a model to the same losses", async () => {
    for (const [epoch, loss] of (await losses()).entries()) expect(loss).toBeCloseTo(theirs.losses[epoch]!, 6);
  });

  test("hold no more memory after many than after one", () => {
    const memory = () => (tf.backend() as unknown as { wasm: { HEAPU8: Uint8Array } }).wasm.HEAPU8.byteLength;
    const [x, y] = [tf.randomNormal([32, 784]), tf.randomNormal([32, 42])];
    const multiply = () => tf.matMul(x, y, true, false).dispose();
    multiply();
    const before = memory();
    for (let k = 0; k < 1000; k++) multiply();
    expect(memory()).toBe(before);
    tf.dispose([x, y]);
  });

  test("that don't fit are the backend's to refuse", () => {
    const [a, b] = [tf.zeros([3, 4]), tf.zeros([2, 5])];
    expect(() => tf.matMul(a as never, b as never, true, false)).toThrow("must match");
    tf.dispose([a, b]);
  });
});

test("products without the wasm backend are refused", () => {
  const bare = { ...tf, getKernel: () => undefined } as unknown as typeof tf;
  expect(() => createOptimizers(bare, { products: true })).toThrow("products need @tensorflow/tfjs-backend-wasm");
  expect(() => createOptimizers(tf, { products: 1 } as never)).toThrow("createOptimizers: products must be");
});
