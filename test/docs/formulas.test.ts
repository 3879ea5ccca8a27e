// The formula in every rule's docstring is run as it stands there, and the rule must make the same steps.

import { describe, expect, test } from "vitest";
import * as schuss from "../../src/index.js";
import { type Optimizer, parameters, type Target } from "../../src/index.js";
import { engines } from "../memory/engines.js";
import { formulasOf, ruleDocstrings } from "./docstrings.js";
import { type Calls, type Matrix, zip } from "./expression.js";
import { run } from "./program.js";

type Options = Readonly<Record<string, unknown>>;
type Create = (target: Target, options: Options) => Optimizer;

const engine = engines.strict;
const [ROWS, COLUMNS, STEPS] = [2, 3, 12];

const matrix = (values: readonly number[]): Matrix => ({
  rows: ROWS,
  columns: COLUMNS,
  data: Float64Array.from(values),
});

const start = matrix([1, -2, 0.5, 3, -1, 0.25]);
const curvatures = matrix([1, 0.5, 2, 0.25, 1.5, 0.75]);

/** Of a quadratic whose minimum moves from sample to sample; one coordinate has no gradient for a while. */
function gradient(at: Matrix, sample: number): Matrix {
  const noise = matrix(Array.from({ length: ROWS * COLUMNS }, (_, k) => Math.sin(3 * sample + 5 * k)));
  const pulled = zip(
    zip(at, noise, (x, n) => x - 0.5 * n),
    curvatures,
    (x, c) => c * x,
  );
  return sample < 3 ? { ...pulled, data: pulled.data.map((g, k) => (k === 4 ? 0 : g)) } : pulled;
}

/** Options with which the formula holds, beside the defaults, and the block if it is not the first. */
const variants: Readonly<Record<string, readonly (Options & { readonly block?: number })[]>> = {
  sgd: [{ momentum: 0.9 }, { momentum: 0.9, dampening: 0.3 }, { momentum: 0.9, nesterov: true }],
  adagrad: [{ initialAccumulator: 0.1, learningRateDecay: 0.2 }, { convention: "tfjs" }],
  asgd: [{ decay: 0.1, power: 0.6, averageFrom: 2 }],
  adamw: [{ weightDecay: 0.3 }],
  adamax: [{ epsilonPlacement: "outside", epsilon: 0.1 }],
  adagradNorm: [{ delayed: true }],
  adagradNormEma: [{ accumulation: "average" }],
  adagradNormSafeguarded: [{ accumulation: "average" }],
  dampedAdam: [{ adaptiveDecay: 0.1, epsilon: 0.5 }],
  emaMomentum: [{ debias: true }, { start: "gradient" }],
  lamb: [{ weightDecay: 0.1 }],
  lars: [
    { weightDecay: 0.1, trustCoefficient: 0.5, epsilon: 0.1 },
    { nesterov: true, trustCoefficient: 0.5 },
    { normalize: "velocity", weightDecay: 0.1, trustCoefficient: 0.5, block: 1 },
  ],
  muon: [
    { nesterov: false, scale: "original" },
    { scale: "none", weightDecay: 0 },
  ],
  normalizedSgd: [{ start: "zero" }, { epsilon: 0.1 }],
  novograd: [{ weightDecay: 0.1 }],
  prodigy: [{ initialDistance: 0.01 }],
  rmsprop: [
    { centered: true, momentum: 0.5 },
    { epsilonPlacement: "inside", epsilon: 0.1 },
  ],
  scheduleFreeAdamw: [{ warmupSteps: 5, weightDecay: 0.1, weightPower: 1 }],
  scheduleFreeSgd: [{ warmupSteps: 5, weightPower: 1 }],
  storm: [{ normalize: true }],
};

/** What a formula names and does not define. */
const others: Readonly<Record<string, (options: Options) => (t: number) => Record<string, number>>> = {
  adafactor: () => () => ({ epsilon: 2 ** -52 }),
  muon: () => () => ({ m: ROWS, n: COLUMNS }),
  nadam:
    ({ beta1, momentumDecay }) =>
    (t) => ({ "mu_(t+1)": (beta1 as number) * (1 - 0.96 ** ((t + 1) * (momentumDecay as number)) / 2) }),
};

const product = (a: Matrix, b: Matrix): Matrix => ({
  rows: a.rows,
  columns: b.columns,
  data: Float64Array.from({ length: a.rows * b.columns }, (_, k) => {
    const [i, j] = [Math.floor(k / b.columns), k % b.columns];
    return Array.from({ length: a.columns }, (__, l) => a.data[i * a.columns + l]! * b.data[l * b.columns + j]!).reduce(
      (sum, term) => sum + term,
    );
  }),
});

const transpose = ({ rows, columns, data }: Matrix): Matrix => ({
  rows: columns,
  columns: rows,
  data: Float64Array.from(data, (_, k) => data[(k % rows) * columns + Math.floor(k / rows)]!),
});

/** Five steps of X <- (a I + b S + c S^2) X with S = X X^T, from A over its Frobenius norm. */
function newtonSchulz(matrix: Matrix): Matrix {
  const norm = Math.hypot(...matrix.data);
  let x: Matrix = { ...matrix, data: matrix.data.map((value) => value / norm) };
  for (let step = 0; step < 5; step++) {
    const s = product(x, transpose(x));
    const quintic = zip(product(s, x), product(s, product(s, x)), (third, fifth) => -4.775 * third + 2.0315 * fifth);
    x = zip(x, quintic, (first, rest) => 3.4445 * first + rest);
  }
  return x;
}

const functions: Readonly<Record<string, Calls>> = { muon: { newtonSchulz } };

/** Sums over a window, and roots and bases of matrices: test/optimizers and test/matrix/rules have them. */
const notRun = ["windowedMomentum", "shampoo", "soap", "lbfgs"];

const rules = ruleDocstrings();
const cases = rules
  .filter(({ name }) => !notRun.includes(name))
  .flatMap((docstring) =>
    [{}, ...(variants[docstring.name] ?? [])].map(({ block = 0, ...options }: Options & { block?: number }) => ({
      name: docstring.name,
      block: formulasOf(docstring)[block]!,
      options,
    })),
  );

test("every rule of the public surface has a docstring with a formula", () => {
  const exported = Object.keys(schuss).filter((name) => rules.some((rule) => rule.name === name));
  expect(exported.sort()).toStrictEqual(rules.map(({ name }) => name).sort());
  for (const rule of rules) expect(formulasOf(rule).length, rule.name).toBeGreaterThan(0);
});

describe.each(cases)("$name with $options", ({ name, block, options }) => {
  test("makes the steps that its formula says", () => {
    const model = parameters({ p: [ROWS, COLUMNS] }, { dtype: "float64", engine });
    model.values.p.set(start.data);
    const create = (schuss as unknown as Record<string, Create>)[name]!;
    // A rate that would grow from rule to rule says less than one at which every rule moves by a tenth or so.
    using optimizer = create(model, { learningRate: 0.1, ...options });
    const expected = run({
      block,
      options: optimizer.options,
      start,
      steps: STEPS,
      gradient,
      others: others[name]?.(optimizer.options),
      functions: functions[name],
    });
    const taken = (sample: number) => {
      model.gradients.p.set(gradient({ ...start, data: model.values.p }, sample).data);
      return undefined;
    };
    for (const [t, { data }] of expected.entries()) {
      optimizer.step(taken);
      data.forEach((value, k) => {
        expect(model.values.p[k], `step ${t + 1}, element ${k}`).toBeCloseTo(value, 9);
      });
    }
    const moved = Math.max(...expected.at(-1)!.data.map((value, k) => Math.abs(value - start.data[k]!)));
    expect(moved).toBeGreaterThan(1e-6);
    model.dispose();
  });
});
