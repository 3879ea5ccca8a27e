// gradientTransformation in @jax-js/jax itself, against formulas by hand and this package's own optimizers; and that every
// array is used up that should be, and no other.

import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { gradientTransformation } from "../../../src/adapters/jax/index.js";
import { adamw, load, muon, parameters, sgd, shampoo, soap } from "../../../src/index.js";

// The host asks for a navigator, which Node has from 21 on.
vi.stubGlobal("navigator", globalThis.navigator ?? {});
const jax = await import("@jax-js/jax");
const { numpy: np, tree } = jax;

beforeAll(async () => {
  await jax.init("wasm");
  jax.defaultDevice("wasm");
});
afterAll(() => {
  vi.unstubAllGlobals();
});

const vector = (...values: number[]) => np.array(new Float32Array(values));
const numbers = (array: InstanceType<typeof jax.Array>) => [...(array.ref.dataSync() as Float32Array)];

describe("gradientTransformation", () => {
  test("gives the updates of the rule", () => {
    const transformation = gradientTransformation(jax, sgd, { learningRate: 0.5 });
    const state = transformation.init({ w: vector(1, 2), b: vector(3) });
    const [updates, next] = transformation.update({ w: vector(4, -6), b: vector(1) }, state);
    expect(numbers(updates.w)).toStrictEqual([-2, 3]);
    expect(numbers(updates.b)).toStrictEqual([-0.5]);
    tree.dispose(updates);
    transformation.dispose(next);
  });

  test("follows this package's own optimizer, with decay, through many steps", async () => {
    const engine = await load();
    const transformation = gradientTransformation(jax, adamw, { learningRate: 0.1, weightDecay: 0.1, engine });
    let weights = np.array(new Float32Array([1, -2, 3, 4, 5, -6])).reshape([2, 3]);
    let state = transformation.init(weights.ref);
    const own = parameters({ w: [2, 3] });
    own.values.w.set([1, -2, 3, 4, 5, -6]);
    const optimizer = adamw(own, { learningRate: 0.1, weightDecay: 0.1 });
    for (let t = 0; t < 20; t++) {
      const gradients = weights.ref.mul(2);
      for (let i = 0; i < 6; i++) own.gradients.w[i] = 2 * own.values.w[i]!;
      const [updates, next] = transformation.update(gradients, state, weights.ref);
      state = next;
      weights = weights.add(updates);
      optimizer.step();
      (weights.ref.dataSync() as Float32Array).forEach((w, i) => {
        expect(w).toBeCloseTo(own.values.w[i]!, 4);
      });
    }
    expect(weights.shape).toStrictEqual([2, 3]);
    weights.dispose();
    transformation.dispose(state);
    expect(engine.bytesInUse).toBe(0);
  });

  test("uses up what it is given and nothing else, and holds no more after 1000 steps than after one", async () => {
    const engine = await load();
    const transformation = gradientTransformation(jax, adamw, { engine });
    const weights = vector(1, 2, 3);
    let state = transformation.init(weights.ref);
    expect(weights.refCount).toBe(1);
    let bytes = 0;
    for (let t = 0; t < 1000; t++) {
      const gradients = vector(1, 1, 1);
      const kept = gradients.ref;
      const before = state.count;
      const [updates, next] = transformation.update(gradients, state, weights.ref);
      expect(kept.refCount).toBe(1);
      expect(weights.refCount).toBe(1);
      expect(before.refCount).toBe(0);
      expect(updates.refCount).toBe(1);
      kept.dispose();
      updates.dispose();
      state = next;
      if (t === 0) bytes = engine.bytesInUse;
    }
    expect(engine.bytesInUse).toBe(bytes);
    transformation.dispose(state);
    weights.dispose();
    expect(weights.refCount).toBe(0);
    expect(engine.bytesInUse).toBe(0);
  });

  describe.each([
    { name: "muon", rule: muon, options: { learningRate: 0.02 } },
    { name: "shampoo", rule: shampoo, options: { learningRate: 0.05, frequency: 3 } },
    { name: "soap", rule: soap, options: { learningRate: 0.05, frequency: 3 } },
  ])("$name", ({ rule, options }) => {
    const shape = [4, 3];
    const start = Float32Array.from({ length: 12 }, (_, i) => Math.sin(1 + i));
    const target = Float32Array.from({ length: 12 }, (_, i) => Math.cos(3 * i));

    test("follows this package's own optimizer, matrices and vectors", () => {
      const transformation = gradientTransformation(jax, rule, options);
      let weights = { w: np.array(start).reshape(shape), b: vector(1, -2, 3) };
      let state = transformation.init(tree.ref(weights));
      const own = parameters({ b: [3], w: [4, 3] });
      own.values.w.set(start);
      own.values.b.set([1, -2, 3]);
      const optimizer = rule(own, options);
      for (let t = 0; t < 20; t++) {
        const gradients = { w: weights.w.ref.sub(np.array(target).reshape(shape)), b: weights.b.ref.mul(2) };
        const [updates, next] = transformation.update(gradients, state, tree.ref(weights));
        state = next;
        weights = { w: weights.w.add(updates.w), b: weights.b.add(updates.b) };
        for (let i = 0; i < 12; i++) own.gradients.w[i] = own.values.w[i]! - target[i]!;
        for (let i = 0; i < 3; i++) own.gradients.b[i] = 2 * own.values.b[i]!;
        optimizer.step();
      }
      for (const name of ["w", "b"] as const) {
        const values = numbers(weights[name]);
        expect(weights[name].shape).toStrictEqual(name === "w" ? shape : [3]);
        for (const [i, x] of values.entries()) expect(x).toBeCloseTo(own.values[name][i]!, 3);
      }
      expect(numbers(weights.w)).not.toStrictEqual([...start]);
      tree.dispose(weights);
      transformation.dispose(state);
    });

    test("holds no more after 1000 steps than after one", async () => {
      const engine = await load();
      const transformation = gradientTransformation(jax, rule, { ...options, engine });
      const weights = np.array(start).reshape(shape);
      const gradients = np.array(target).reshape(shape);
      let state = transformation.init(weights.ref);
      let bytes = 0;
      for (let t = 0; t < 1000; t++) {
        const [updates, next] = transformation.update(gradients.ref, state, weights.ref);
        expect([weights.refCount, gradients.refCount, updates.refCount]).toStrictEqual([1, 1, 1]);
        updates.dispose();
        state = next;
        bytes ||= engine.bytesInUse;
      }
      expect(engine.bytesInUse).toBe(bytes);
      transformation.dispose(state);
      expect(engine.bytesInUse).toBe(0);
      for (const array of [weights, gradients]) {
        array.dispose();
        expect(array.refCount).toBe(0);
      }
    });
  });

  test("updates without blocking", async () => {
    const transformation = gradientTransformation(jax, sgd, { learningRate: 1 });
    const state = transformation.init(vector(0, 0));
    const [updates, next] = await transformation.updateAsync(vector(1, 2), state);
    expect(numbers(updates)).toStrictEqual([-1, -2]);
    updates.dispose();
    transformation.dispose(next);
  });

  test("keeps its state by stateDict", () => {
    const transformation = gradientTransformation(jax, adamw, { learningRate: 0.1 });
    const [first, other] = [transformation.init(vector(0)), transformation.init(vector(0))];
    const [u1, s1] = transformation.update(vector(1), first);
    transformation.optimizer(other).loadStateDict(transformation.optimizer(s1).stateDict());
    const [u2, s2] = transformation.update(vector(-3), s1);
    const [u3, s3] = transformation.update(vector(-3), other);
    expect(numbers(u3)).toStrictEqual(numbers(u2));
    for (const array of [u1, u2, u3]) array.dispose();
    transformation.dispose(s2);
    transformation.dispose(s3);
  });

  test("refuses states that are not the newest, other shapes and what jit traces, and uses nothing up then", () => {
    const transformation = gradientTransformation(jax, sgd);
    const state = transformation.init(vector(1, 2));
    const gradients = vector(1);
    expect(() => transformation.update(gradients, state)).toThrow(
      "updates must be of the shapes of init, [2], got [1]",
    );
    expect(gradients.refCount).toBe(1);
    gradients.dispose();
    const [updates, next] = transformation.update(vector(1, 1), state);
    const again = vector(1, 1);
    expect(() => transformation.update(again, state)).toThrow("state must be the newest, of step 1");
    expect(() => transformation.update(again, { count: 3 })).toThrow("state must come from init or update");
    again.dispose();
    updates.dispose();
    transformation.dispose(next);
    expect(() => transformation.init({ a: 3 })).toThrow("parameters must be arrays, got 3");
    expect(() => gradientTransformation({} as never, sgd)).toThrow("jax must be the module @jax-js/jax");
  });
});
