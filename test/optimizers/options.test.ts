import { describe, expect, test } from "vitest";
import { parameters, sgd, type Target } from "../../src/index.js";
import { engines, expectMemoryReturned } from "../memory/engines.js";
import { commonMistakes, type Options, optimizerInfos } from "./infos.js";
import { stepWith } from "./train.js";

expectMemoryReturned();

const engine = engines.strict;

/** The error of a call, which must fail. */
function errorOf(call: () => unknown): Error {
  try {
    call();
  } catch (error) {
    return error as Error;
  }
  throw new Error("nothing was thrown");
}

describe.each(optimizerInfos)("$name", ({ name, create, samples, mistakes }) => {
  const targets: Record<string, () => Target & Partial<Disposable>> = {
    "a parameter set": () => parameters({ w: 3 }, { engine }),
    arrays: () => ({ w: new Float32Array(3) }),
  };

  test.each(samples)("takes %o", (options) => {
    using optimizer = create({ w: new Float32Array(3) }, { ...options, engine });
    expect(optimizer.name).toBe(name);
    expect(optimizer.stepCount).toBe(0);
  });

  describe.each(Object.entries(targets))("over %s", (_, makeTarget) => {
    test.each(mistakes)("refuses $options", ({ options, error, message }) => {
      using target = disposable(makeTarget());
      const thrown = errorOf(() => create(target.value, { ...options, engine }));
      expect(thrown).toBeInstanceOf(error);
      expect(thrown.message).toBe(message);
    });

    test.each(commonMistakes)("refuses $options", ({ options, error, message }) => {
      using target = disposable(makeTarget());
      const thrown = errorOf(() => create(target.value, { ...options, engine }));
      expect(thrown).toBeInstanceOf(error);
      expect(thrown.message).toBe(`${name}: ${message}`);
    });
  });

  test.each([0.1, null, "fast", true])("refuses %o in place of options", (options) => {
    const thrown = errorOf(() => create([new Float32Array(3)], options as unknown as Options));
    expect(thrown).toBeInstanceOf(TypeError);
    expect(thrown.message).toBe(`${name}: options must be an object, got ${JSON.stringify(options)}`);
  });

  test("undefined counts as not given", () => {
    const w = new Float64Array([1, -2]);
    const same = new Float64Array([1, -2]);
    const gradient = new Float64Array([0.3, 0.1]);
    using optimizer = create([w], { learningRate: undefined, weightDecay: undefined, clipNorm: undefined, engine });
    using plain = create([same], { engine });
    stepWith(optimizer, () => [gradient]);
    stepWith(plain, () => [gradient]);
    expect(w).toEqual(same);
    expect(w[0]).not.toBe(1);
  });
});

function disposable(value: Target & Partial<Disposable>) {
  return { value, [Symbol.dispose]: () => value[Symbol.dispose]?.() };
}

test("an infinite clipNorm is no clipping", () => {
  const w = new Float64Array(2);
  using optimizer = sgd([w], { learningRate: 1, clipNorm: Number.POSITIVE_INFINITY, engine });
  optimizer.step([new Float64Array([300, 400])]);
  expect(w).toEqual(new Float64Array([-300, -400]));
});
