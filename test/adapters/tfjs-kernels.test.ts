// Products and rows gathered by the kernels here, against the backends' own from before.

import { beforeAll, describe, expect, test } from "vitest";
import { createOptimizers } from "../../src/adapters/tfjs/index.js";
import { normalNumbers } from "../memory/random.js";
import { backends, expectTensorsReturned, layers, tf, use } from "./tfjs-backends.js";

const products: [a: number[], b: number[], transposeA: boolean, transposeB: boolean][] = [
  [[32, 784], [32, 42], true, false],
  [[32, 10], [42, 10], false, true],
  [[5, 3], [7, 5], true, true],
  [[3, 5], [5, 7], false, false],
  [[4, 9, 6], [4, 9, 3], true, false],
  [[2, 3, 5, 6], [2, 3, 8, 6], false, true],
  [[1, 5, 3], [4, 5, 2], true, false],
  [[0, 3], [0, 2], true, false],
];

function tensor(shape: number[], seed: number, holding: readonly number[] = []) {
  const values = Float32Array.from({ length: tf.util.sizeFromShape(shape) }, normalNumbers(seed));
  values.set(holding.slice(0, values.length));
  return tf.tensor(values, shape);
}

/** All of the result. */
function read(make: () => tf.Tensor) {
  return tf.tidy(() => {
    const result = make();
    return { shape: result.shape, dtype: result.dtype, values: [...result.dataSync()] };
  });
}

const product = ([a, b, transposeA, transposeB]: (typeof products)[0], holding?: readonly number[]) =>
  read(() => tf.matMul(tensor(a, 5, holding), tensor(b, 6), transposeA, transposeB));

/** What `model.fit` and embeddings gather, and what is left to the backends. */
const gatherings: Record<string, () => tf.Tensor> = {
  "rows of a matrix": () => tf.gather(tensor([9, 7], 1), tf.tensor1d([8, 0, 3, 3], "int32")),
  "elements of a vector": () => tf.gather(tensor([5], 2), tf.tensor1d([4, 0, 2], "int32")),
  "images, by a matrix": () => tf.gather(tensor([4, 2, 3, 1], 3), tf.tensor2d([3, 0, 1, 2, 2, 2], [2, 3], "int32")),
  "columns of a matrix": () => tf.gather(tensor([3, 5], 4), tf.tensor1d([4, 1], "int32"), 1),
  "rows of each matrix": () => tf.gather(tensor([2, 4, 3], 5), tf.tensor2d([3, 0, 1, 1], [2, 2], "int32"), 1, 1),
  "whole numbers": () => tf.gather(tf.tensor2d([1, 2, 3, 4], [2, 2], "int32"), tf.tensor1d([1, 0], "int32")),
  nothing: () => tf.gather(tensor([9, 7], 1), tf.tensor1d([], "int32")),
};

/** The losses of a perceptron's epochs. */
async function losses(): Promise<number[]> {
  const normal = normalNumbers(7);
  const initializer = (seed: number) => layers.initializers.glorotUniform({ seed });
  const model = layers.sequential({
    layers: [
      layers.layers.dense({ inputShape: [20], units: 16, activation: "relu", kernelInitializer: initializer(1) }),
      layers.layers.dense({ units: 3, kernelInitializer: initializer(2) }),
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

const everything = async () => ({
  products: products.map((given) => product(given)),
  notNumbers: products.map((given) => product(given, [Number.NaN, Number.POSITIVE_INFINITY])),
  gatherings: Object.values(gatherings).map(read),
  losses: await losses(),
});

const theirs = {} as Record<(typeof backends)[number], Awaited<ReturnType<typeof everything>>>;

beforeAll(async () => {
  for (const backend of backends) {
    await use(backend);
    theirs[backend] = await everything();
  }
  createOptimizers(tf, { kernels: true });
});

describe.each(backends)("kernels of the backend %s", (backend) => {
  expectTensorsReturned(backend);

  test.each(products.map((given, k) => [...given, k] as const))("%j times %j, transposed: %s, %s", (...given) => {
    const [a, b, transposeA, transposeB, k] = given;
    for (const [wanted, got] of [
      [theirs[backend].products[k]!, product([a, b, transposeA, transposeB])],
      [theirs[backend].notNumbers[k]!, product([a, b, transposeA, transposeB], [Number.NaN, Number.POSITIVE_INFINITY])],
    ] as const) {
      expect(got.shape).toStrictEqual(wanted.shape);
      for (const [i, value] of got.values.entries()) {
        if (Number.isFinite(wanted.values[i])) expect(value).toBeCloseTo(wanted.values[i]!, 4);
        else expect(value).toBe(wanted.values[i]);
      }
    }
  });

  test.each(Object.entries(gatherings).map(([name, make], k) => [name, make, k] as const))(
    "gather %s",
    (_, make, k) => {
      expect(read(make)).toStrictEqual(theirs[backend].gatherings[k]);
    },
  );

  test("are in the place of the backend's once, however many optimizers are made", () => {
    const functions = () => ["BatchMatMul", "GatherV2"].map((name) => tf.getKernel(name, backend)!.kernelFunc);
    const before = functions();
    createOptimizers(tf, { kernels: true });
    for (const [k, kernelFunc] of functions().entries()) expect(kernelFunc).toBe(before[k]);
  });

  test("train a model to the same losses", async () => {
    for (const [epoch, loss] of (await losses()).entries()) {
      expect(loss).toBeCloseTo(theirs[backend].losses[epoch]!, 6);
    }
  });

  test("products of what an optimizer here has updated", () => {
    const w = tf.tidy(() => tf.variable(tensor([3, 2], 8)));
    const optimizer = createOptimizers(tf).sgd(0.5);
    const [x, gradient] = [tf.tensor2d([1, 2, 3], [3, 1]), tf.tensor2d([1, 0, 0, 0, 0, 2], [3, 2])];
    const before = [...w.dataSync()] as number[];
    for (let step = 1; step <= 3; step++) {
      optimizer.applyGradients({ [w.name]: gradient });
      const [left, right] = read(() => tf.matMul(x, w, true, false)).values as [number, number];
      expect(left).toBeCloseTo(before[0]! - 0.5 * step + 2 * before[2]! + 3 * before[4]!, 5);
      expect(right).toBeCloseTo(before[1]! + 2 * before[3]! + 3 * (before[5]! - step), 5);
    }
    optimizer.dispose();
    tf.dispose([x, gradient]);
  });

  test("that don't fit are the backend's to refuse", () => {
    const [a, b] = [tf.zeros([3, 4]), tf.zeros([2, 5])];
    expect(() => tf.matMul(a as never, b as never, true, false)).toThrow("must match");
    for (const index of [3, -1]) {
      const indices = tf.tensor1d([0, index], "int32");
      expect(() => tf.gather(a, indices)).toThrow("is not in [0, 2]");
      indices.dispose();
    }
    tf.dispose([a, b]);
  });
});

test("hold no more of the wasm backend's memory after many than after one", async () => {
  await use("wasm");
  const memory = () => (tf.backend() as unknown as { wasm: { HEAPU8: Uint8Array } }).wasm.HEAPU8.byteLength;
  const [x, y] = [tf.randomNormal([32, 784]), tf.randomNormal([32, 42])];
  const indices = tf.tensor1d([1, 2, 3], "int32");
  const work = () => tf.dispose([tf.matMul(x, y, true, false), tf.gather(x, indices)]);
  work();
  const before = memory();
  for (let k = 0; k < 1000; k++) work();
  expect(memory()).toBe(before);
  tf.dispose([x, y, indices]);
});

test("kernels without a backend that they are for are refused", () => {
  const bare = { ...tf, getKernel: () => undefined } as unknown as typeof tf;
  expect(() => createOptimizers(bare, { kernels: true })).toThrow("kernels need @tensorflow/tfjs-backend-wasm or -cpu");
  expect(() => createOptimizers(tf, { kernels: 1 } as never)).toThrow("createOptimizers: kernels must be");
});
