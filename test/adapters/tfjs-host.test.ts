// What TensorFlow.js's own tests of its optimizers expect (tfjs-core/src/optimizers/*_test.ts), as cases of ours. Their
// figures follow from the formulas by hand; here they have more digits. Where they count the tensors of the slots, here there are none: the state is
// not among TensorFlow.js's tensors. Adadelta's figures are those of its error, see CONVENTIONS.md.

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { TfjsOptimizer } from "../../src/adapters/tfjs/index.js";
import { backends, ours, tf, use } from "./tfjs-backends.js";

interface Case {
  readonly make: () => TfjsOptimizer;
  readonly start: readonly number[];
  /** The variable after one step on the sum of its squares, after two, ... */
  readonly steps: readonly (readonly number[])[];
  /** The weights behind the count, by the ending of their names. */
  readonly weights: readonly string[];
}

const cases: Record<string, Case> = {
  sgd: { make: () => ours.sgd(0.1), start: [4], steps: [[3.2], [2.56], [2.048]], weights: [] },
  momentum: {
    make: () => ours.momentum(0.1, 0.5),
    start: [1, 2],
    steps: [
      [0.8, 1.6],
      [0.54, 1.08],
    ],
    weights: ["momentum"],
  },
  "momentum, Nesterov's": {
    make: () => ours.momentum(0.1, 0.5, true),
    start: [1, 2],
    steps: [
      [0.7, 1.4],
      [0.44, 0.88],
    ],
    weights: ["momentum"],
  },
  adagrad: {
    make: () => ours.adagrad(0.1, 0.1),
    start: [1, 2],
    steps: [
      [0.9012270405, 1.9003110428],
      [0.8347372764, 1.831543],
    ],
    weights: ["accumulator"],
  },
  adadelta: {
    make: () => ours.adadelta(0.1, 0.95, null, { faithfulToBug: "tfjsStaleDenominator" }),
    start: [1, 2],
    steps: [
      [0.8, 1.6],
      [0.64, 1.28],
    ],
    weights: ["accum_grad", "accum_var"],
  },
  adam: {
    make: () => ours.adam(0.1, 0.8, 0.9),
    start: [2, 4],
    steps: [
      [1.9, 3.9],
      [1.800183, 3.8000821],
    ],
    weights: ["m", "v"],
  },
  adamax: {
    make: () => ours.adamax(0.1, 0.8, 0.9, undefined, 0.1),
    start: [2, 4],
    steps: [
      [1.9, 3.9],
      [1.8069644, 3.8080549],
    ],
    weights: ["m", "v"],
  },
  rmsprop: {
    make: () => ours.rmsprop(0.1, 0.95, 0.1),
    start: [1, 2],
    steps: [
      [0.5527865, 1.5527864],
      [0.2874418, 1.2294267],
    ],
    weights: ["rms", "momentum"],
  },
  "rmsprop, centred": {
    make: () => ours.rmsprop(0.1, 0.95, 0.1, undefined, true),
    start: [1, 2],
    steps: [
      [0.5411684, 1.5411685],
      [0.2677834, 1.2035918],
    ],
    weights: ["rms", "momentum", "mg"],
  },
};

const squares = (values: readonly number[]) => values.reduce((sum, x) => sum + x * x, 0);

function expectClose(tensor: tf.Tensor, expected: readonly number[]) {
  const got = tensor.dataSync();
  expect(got).toHaveLength(expected.length);
  expected.forEach((x, i) => {
    expect(Math.abs(got[i]! - x)).toBeLessThan(2e-6);
  });
}

describe.each(backends)("on the backend %s", (backend) => {
  const opened: { dispose(): void }[] = [];
  const open = <T extends { dispose(): void }>(one: T): T => {
    opened.push(one);
    return one;
  };
  const scalar = (value: number, trainable = true) => tf.tidy(() => tf.variable(tf.scalar(value), trainable));

  beforeEach(() => use(backend));
  afterEach(() => {
    for (const one of opened.splice(0)) one.dispose();
    tf.disposeVariables();
  });

  describe.each(Object.entries(cases))("%s", (_name, { make, start, steps, weights }) => {
    const vector = () => tf.tidy(() => tf.variable(tf.tensor1d([...start])));
    const costOf = (x: tf.Variable) => () => tf.sum(tf.square(x)) as tf.Scalar;

    test("steps, costs, and tensors: the cost is the only one that comes", () => {
      const before = tf.memory().numTensors;
      const x = vector();
      const optimizer = make();
      const { numTensors } = tf.memory();
      let last = start;
      for (const expected of steps) {
        const cost = optimizer.minimize(costOf(x), true)!;
        expect(tf.memory().numTensors).toBe(numTensors + 1);
        expectClose(x, expected);
        expectClose(cost, [squares(last)]);
        cost.dispose();
        last = expected;
      }
      expect(optimizer.minimize(costOf(x))).toBeNull();
      expect(tf.memory().numTensors).toBe(numTensors);
      optimizer.dispose();
      x.dispose();
      expect(tf.memory().numTensors).toBe(before);
    });

    test("weights are taken over, every step by another optimizer", async () => {
      const x = vector();
      let optimizer = open(make());
      expect(optimizer.iterations).toBe(0);
      expect((await optimizer.getWeights()).map(({ name }) => name)).toEqual(["iter"]);
      for (const [k, expected] of steps.entries()) {
        optimizer.minimize(costOf(x));
        expectClose(x, expected);
        expect(optimizer.iterations).toBe(k + 1);
        const saved = await optimizer.getWeights();
        expect(saved.map(({ name }) => name)).toEqual(["iter", ...weights.map((ending) => `${x.name}/${ending}`)]);
        expectClose(saved[0]!.tensor, [k + 1]);
        const next = open(make());
        await next.setWeights(saved);
        expect(next.iterations).toBe(k + 1);
        optimizer = next;
      }
    });

    test("a configuration makes the same again", () => {
      const original = open(make());
      const Class = original.constructor as unknown as {
        fromConfig(cls: unknown, config: unknown): TfjsOptimizer;
      };
      const again = open(Class.fromConfig(Class, original.getConfig()));
      expect(again.getConfig()).toEqual(original.getConfig());
      expect(again.getClassName()).toBe(original.getClassName());
    });
  });

  describe("the variables of a step", () => {
    const setUp = (trainable = true) => {
      const [x, bias, stray] = [scalar(4, trainable), scalar(1), scalar(-1)];
      const cost = () => tf.add(tf.square(x), bias) as tf.Scalar;
      return { x, bias, stray, cost, optimizer: open(ours.sgd(0.1)) };
    };

    const expectAfterTwo = (
      { x, bias, stray, cost, optimizer }: ReturnType<typeof setUp>,
      list: tf.Variable[] | undefined,
      expected: { x: number[]; bias: number[] },
    ) => {
      for (const k of [0, 1]) {
        const value = optimizer.minimize(cost, k === 0, list);
        if (k === 0) expectClose(open(value!), [17]);
        else expect(value).toBeNull();
        expectClose(x, [expected.x[k]!]);
        expectClose(bias, [expected.bias[k]!]);
        expectClose(stray, [-1]);
      }
    };

    test("those that the cost depends on", () => {
      expectAfterTwo(setUp(), undefined, { x: [3.2, 2.56], bias: [0.9, 0.8] });
    });

    test("a list of all of them", () => {
      const set = setUp();
      expectAfterTwo(set, [set.x, set.bias], { x: [3.2, 2.56], bias: [0.9, 0.8] });
    });

    test("a list of some", () => {
      const set = setUp();
      expectAfterTwo(set, [set.x], { x: [3.2, 2.56], bias: [1, 1] });
    });

    test("those that are trainable", () => {
      expectAfterTwo(setUp(false), undefined, { x: [4, 4], bias: [0.9, 0.8] });
    });

    test("none to train, or a cost that is no number, is an error", () => {
      const { cost, optimizer, bias } = setUp();
      expect(() => optimizer.minimize(cost, true, [])).toThrow();
      const fixed = setUp(false);
      expect(() => fixed.optimizer.minimize(fixed.cost, true, [fixed.x])).toThrow();
      const wide = tf.tidy(() => tf.variable(tf.tensor1d([1, 2])));
      expect(() => optimizer.minimize((() => tf.square(wide)) as never)).toThrow();
      expectClose(bias, [1]);
    });
  });

  test("an optimizer is one of TensorFlow.js's", () => {
    expect(open(ours.sgd(0.1))).toBeInstanceOf(tf.Optimizer);
  });

  test("rates that must be given", () => {
    for (const make of [ours.sgd, ours.momentum, ours.adagrad, ours.rmsprop] as ((rate?: number) => unknown)[]) {
      expect(() => make(undefined)).toThrow(/: learningRate must be given$/);
    }
  });

  test("weights of another rule are refused: TensorFlow.js takes what lies where its own would", async () => {
    const x = scalar(4);
    const optimizer = open(ours.adagrad(0.1));
    optimizer.minimize(() => tf.square(x) as tf.Scalar);
    const saved = await optimizer.getWeights();
    await expect(open(ours.adam()).setWeights(saved)).rejects.toThrow(
      `adam: "${x.name}/accumulator" is none of its weights`,
    );
  });
});

describe("what TensorFlow.js 4.22 does beside the steps, and ours do not", () => {
  const variable = (size: number, name?: string) => tf.tidy(() => tf.variable(tf.ones([size]), true, name));
  const costOf =
    (...variables: tf.Variable[]) =>
    () =>
      tf.addN(variables.map((x) => tf.sum(tf.square(x)))) as tf.Scalar;

  beforeEach(() => use("cpu"));
  afterEach(() => tf.disposeVariables());

  /** Tensors that are left when an optimizer has made a step and is disposed of. */
  const left = (make: () => tf.Optimizer) => {
    const x = variable(2);
    const { numTensors } = tf.memory();
    const optimizer = make();
    optimizer.minimize(costOf(x));
    optimizer.dispose();
    return tf.memory().numTensors - numTensors;
  };

  test("a tensor left by Momentum", () => {
    expect(left(() => tf.train.momentum(0.1, 0.5))).toBe(1);
    expect(left(() => ours.momentum(0.1, 0.5))).toBe(0);
  });

  test("a momentum that can't be set", () => {
    const after = (optimizer: tf.MomentumOptimizer | ReturnType<typeof ours.momentum>) => {
      const x = variable(1);
      optimizer.minimize(costOf(x));
      optimizer.setMomentum(0);
      optimizer.minimize(costOf(x));
      optimizer.dispose();
      return x.dataSync()[0]!;
    };
    // 1 - 0.2 = 0.8; then 0.8 - 0.1 (1.6 + momentum * 2)
    expect(after(tf.train.momentum(0.1, 0.5) as tf.MomentumOptimizer)).toBeCloseTo(0.54, 6);
    expect(after(ours.momentum(0.1, 0.5))).toBeCloseTo(0.64, 6);
  });

  test("state by position", () => {
    const [a, b] = [variable(2), variable(3)];
    const inTurns = (optimizer: tf.Optimizer) => {
      optimizer.minimize(costOf(a), false, [a]);
      optimizer.minimize(costOf(b), false, [b]);
      optimizer.dispose();
    };
    expect(() => inTurns(tf.train.adam())).toThrow(/shape/);
    inTurns(ours.adam());
  });

  test("weights that leak, or can't be had", async () => {
    const x = variable(2);
    const [theirs, mine] = [tf.train.adam(), ours.adam()];
    const grown = async (optimizer: tf.Optimizer) => {
      optimizer.minimize(costOf(x));
      await optimizer.getWeights();
      const { numTensors } = tf.memory();
      for (let k = 0; k < 3; k++) await optimizer.getWeights();
      return tf.memory().numTensors - numTensors;
    };
    expect(await grown(theirs)).toBe(3);
    expect(await grown(mine)).toBe(0);
    await expect(tf.train.adamax().getWeights()).rejects.toThrow();
    mine.dispose();
  });

  test("weights of another rule that are taken", async () => {
    const x = variable(2, "x");
    const adagrad = tf.train.adagrad(0.1);
    adagrad.minimize(costOf(x));
    await tf.train.momentum(0.1, 0.5).setWeights(await adagrad.getWeights());
  });
});
