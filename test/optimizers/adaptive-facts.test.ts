// Rules with a rate for each coordinate or tensor, against formulas written out here over plain arrays, each from the
// documented definition of the library that is named, and against numbers worked out by hand or in lecture notes.

import { describe, expect, test } from "vitest";
import {
  adafactor,
  amsgrad,
  dampedAdam,
  lamb,
  lars,
  novograd,
  type Optimizer,
  parameters,
  rprop,
  sgd,
  sm3,
  type Target,
  type WithEngine,
} from "../../src/index.js";
import { engines, expectMemoryReturned } from "../memory/engines.js";
import { normalNumbers } from "../memory/random.js";

expectMemoryReturned();

const engine = engines.strict;

type Create = (target: Target, options: WithEngine) => Optimizer;
type Matrix = readonly (readonly number[])[];

const sum = (x: readonly number[]) => x.reduce((total, value) => total + value, 0);
const mean = (x: readonly number[]) => sum(x) / x.length;
const norm = (x: readonly number[]) => Math.sqrt(sum(x.map((value) => value * value)));
const rms = (x: readonly number[]) => norm(x) / Math.sqrt(x.length);
const square = (x: number) => x * x;

function expectNear(got: ArrayLike<number>, expected: readonly number[], tolerance = 1e-12): void {
  expect(got.length).toBe(expected.length);
  expected.forEach((value, i) => {
    expect(Math.abs(got[i]! - value)).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(value)));
  });
}

/** Ten gradients of a matrix and of a vector, some elements 0. */
const normal = normalNumbers(11);
const draw = () => (Math.abs(normal()) < 0.2 ? 0 : normal());
const [ROWS, COLUMNS, LENGTH, STEPS] = [3, 5, 7, 10];
const start = Array.from({ length: ROWS * COLUMNS }, normal);
const startOfVector = Array.from({ length: LENGTH }, normal);
const gradients = Array.from({ length: STEPS }, () => Array.from({ length: ROWS * COLUMNS }, draw));
const gradientsOfVector = Array.from({ length: STEPS }, () => Array.from({ length: LENGTH }, draw));

/** Where a matrix and a vector stand after all gradients, side by side in one parameter set. */
function walk(create: Create, options: object): { matrix: number[]; vector: number[] } {
  using model = parameters({ matrix: [ROWS, COLUMNS], vector: LENGTH }, { dtype: "float64", engine });
  model.values.matrix.set(start);
  model.values.vector.set(startOfVector);
  using optimizer = create(model, options);
  for (let k = 0; k < STEPS; k++) {
    model.gradients.matrix.set(gradients[k]!);
    model.gradients.vector.set(gradientsOfVector[k]!);
    optimizer.step();
  }
  return { matrix: [...model.values.matrix], vector: [...model.values.vector] };
}

/** The same by a rule that is given p, g and t and keeps what it wants. */
function by(rule: () => (p: number[], g: readonly number[], t: number) => number[]) {
  const run = (p: number[], along: readonly (readonly number[])[]) => {
    const step = rule();
    return along.reduce<number[]>((point, g, k) => step(point, g, k + 1), p);
  };
  return { matrix: run([...start], gradients), vector: run([...startOfVector], gradientsOfVector) };
}

function expectWalk(create: Create, options: object, rule: Parameters<typeof by>[0]): void {
  const [got, expected] = [walk(create, options), by(rule)];
  expectNear(got.matrix, expected.matrix);
  expectNear(got.vector, expected.vector);
}

const rowsOf = (x: readonly number[]): Matrix =>
  Array.from({ length: ROWS }, (_, i) => x.slice(i * COLUMNS, (i + 1) * COLUMNS));
const columnsOf = (x: readonly number[]): Matrix =>
  Array.from({ length: COLUMNS }, (_, j) => rowsOf(x).map((row) => row[j]!));

describe("lecture notes", () => {
  /** Minimises sum stiffness w^2 / 2 from w; all points on the way. */
  function path(create: Create, options: object, w: Float64Array, stiffness: readonly number[], steps: number) {
    using optimizer = create([w], { ...options, engine } as WithEngine);
    return Array.from({ length: steps }, () => {
      optimizer.step([w.map((x, i) => stiffness[i]! * x)]);
      return [...w];
    });
  }
  const problem = () => new Float64Array([1, -2, 3]);
  const stiffness = [1, 0.5, 0.1];

  test("LARS in one block", () => {
    const expected = [
      [0.7411841466737126, -1.7411841466737126, 2.9223552440021137],
      [0.5225223255432758, -1.484344805098638, 2.8361408366228784],
      [0.34430094588728877, -1.2312054021316667, 2.739406035430206],
    ];
    for (const normalize of ["gradient", "velocity"] as const) {
      const options = { learningRate: 0.1, trustCoefficient: 1, momentum: 0, normalize };
      path(lars, options, problem(), stiffness, 3).forEach((point, t) => {
        expectNear(point, expected[t]!, 1e-14);
      });
    }
  });

  test("LAMB in one block, without corrections and epsilon", () => {
    const options = { learningRate: 0.1, beta1: 0.9, beta2: 0.9, epsilon: 0, biasCorrection: false };
    const expected = [
      [0.7839753100530713, -1.7839753100530713, 2.783975310053071],
      [0.5885897856170266, -1.5874692022415422, 2.5872854942516827],
      [0.41239907267764, -1.4080348708954435, 2.4073811315088025],
    ];
    path(lamb, options, problem(), stiffness, 3).forEach((point, t) => {
      expectNear(point, expected[t]!, 1e-14);
    });
  });

  test("Adam whose second moment starts from epsilon^2", () => {
    const options = { learningRate: 0.1, epsilonPlacement: "start" };
    const expected = [
      [0.900000000000005, -1.900000000000005, 2.9000000000000554],
      [0.8004122276712553, -1.800166485610317, 2.8001027070791102],
      [0.7015862713876553, -1.7006233912808257, 2.700381522943774],
    ];
    path(dampedAdam, options, problem(), stiffness, 3).forEach((point, t) => {
      expectNear(point, expected[t]!, 2e-15);
    });
  });

  test.each([
    [0, 0, [0.9, 0.8004122276712476, 0.7015862713876456]],
    [0.1, 0.1, [0.890909090909091, 0.7828229144862225, 0.6762097143578758]],
    [0, 0.1, [0.89, 0.7810695033360426, 0.6736897803957007]],
    // A penalty scales the gradient of a quadratic, which Adam does not see.
    [0.1, 0, [0.9, 0.8004122276712476, 0.7015862713876456]],
  ])("Adam with epsilon^2 under the root, penalty %d, adaptive decay %d", (weightDecay, adaptiveDecay, expected) => {
    const options = { learningRate: 0.1, weightDecay, adaptiveDecay };
    path(dampedAdam, options, new Float64Array([1]), [1], 3).forEach((point, t) => {
      expectNear(point, [expected[t]!], 1e-14);
    });
  });

  test("damped Adam leaves a coordinate without gradients where it is, for ever", () => {
    for (const epsilonPlacement of ["root", "start"] as const) {
      const w = new Float32Array([1, 2]);
      using optimizer = dampedAdam([w], { beta2: 0.5, epsilonPlacement, engine });
      for (let t = 0; t < 300; t++) optimizer.step([new Float32Array([0, 1e-3])]);
      expect(w[0]).toBe(1);
      expect(w[1]).toBeCloseTo(2 - 0.3, 4);
    }
  });
});

describe("zero norms", () => {
  const step = (create: Create, options: object, w: Float64Array, g: Float64Array) => {
    using optimizer = create([w], { ...options, engine } as WithEngine);
    optimizer.step([g]);
    return [...w];
  };
  const zeros = () => new Float64Array(2);
  const g = new Float64Array([3, -4]);

  test.each(["gradient", "velocity"])(
    "lars, %s: a tensor of zeros steps as in sgd, trust coefficient and all",
    (normalize) => {
      expectNear(step(lars, { learningRate: 0.5, momentum: 0, normalize }, zeros(), g), [-1.5, 2]);
      expect(step(lars, { normalize }, new Float64Array([1, 2]), zeros())).toEqual([1, 2]);
      expect(step(lars, { normalize }, zeros(), zeros())).toEqual([0, 0]);
    },
  );

  test("lamb: a tensor of zeros steps as in adam", () => {
    expectNear(step(lamb, { learningRate: 0.5, epsilon: 0 }, zeros(), g), [-0.5, 0.5]);
    expect(step(lamb, { epsilon: 0 }, new Float64Array([1, 2]), zeros())).toEqual([1, 2]);
  });

  test("novograd: without gradients only the decay moves", () => {
    expect(step(novograd, { epsilon: 0 }, new Float64Array([1, 2]), zeros())).toEqual([1, 2]);
    expectNear(step(novograd, { learningRate: 0.5, weightDecay: 0.5 }, new Float64Array([1, 2]), zeros()), [0.75, 1.5]);
  });

  test("sm3 and adafactor: without gradients nothing moves", () => {
    expect(step(sm3, { epsilon: 0 }, new Float64Array([1, 2]), zeros())).toEqual([1, 2]);
    expect(step(adafactor, { epsilon: 0 }, new Float64Array([1, 2]), zeros())).toEqual([1, 2]);
  });
});

describe("layer-wise rules, tensor by tensor", () => {
  const scale = (x: readonly number[], factor: number) => x.map((value) => factor * value);
  const add = (x: readonly number[], y: readonly number[]) => x.map((value, i) => value + y[i]!);

  test.each([
    ["torch", (g: readonly number[], p: readonly number[]) => norm(g) + 0.1 * norm(p)],
    ["optax", (g: readonly number[], p: readonly number[]) => norm(add(g, scale(p, 0.1)))],
  ] as const)("lars with weight decay, %s, over trust ratios and a velocity", (convention, divisor) => {
    const options = { learningRate: 2, weightDecay: 0.1, trustCoefficient: 0.02, nesterov: true, convention };
    expectWalk(lars, options, () => {
      let b: number[] | undefined;
      return (p, g) => {
        const own = scale(add(g, scale(p, 0.1)), (2 * 0.02 * norm(p)) / divisor(g, p));
        b = add(own, scale(b ?? own.map(() => 0), 0.9));
        return add(p, scale(add(own, scale(b, 0.9)), -1));
      };
    });
  });

  test("lars along the normalised velocity", () => {
    expectWalk(lars, { learningRate: 0.1, trustCoefficient: 1, normalize: "velocity" }, () => {
      let b = 0;
      let m: number[] | undefined;
      return (p, g) => {
        m = add(scale(m ?? g.map(() => 0), 0.9), scale(g, 0.1));
        b = norm(m);
        return add(p, scale(m, (-0.1 * norm(p)) / b));
      };
    });
  });

  const adamDirection = (m: number[], v: number[], g: readonly number[], t: number, epsilon: number) => {
    g.forEach((x, i) => {
      m[i] = 0.9 * (m[i] ?? 0) + 0.1 * x;
      v[i] = 0.999 * (v[i] ?? 0) + 0.001 * x * x;
    });
    return m.map((x, i) => x / (1 - 0.9 ** t) / (Math.sqrt(v[i]! / (1 - 0.999 ** t)) + epsilon));
  };

  test("lamb as in optax, the decay within the direction", () => {
    expectWalk(lamb, { learningRate: 0.1, weightDecay: 0.3 }, () => {
      const [m, v]: [number[], number[]] = [[], []];
      return (p, g, t) => {
        const u = add(adamDirection(m, v, g, t, 1e-6), scale(p, 0.3));
        return add(p, scale(u, (-0.1 * norm(p)) / norm(u)));
      };
    });
  });

  test("lamb as in keras, the decay before everything", () => {
    expectWalk(lamb, { learningRate: 0.1, weightDecay: 0.3, convention: "keras" }, () => {
      const [m, v]: [number[], number[]] = [[], []];
      return (before, g, t) => {
        const p = scale(before, 1 - 0.1 * 0.3);
        const u = adamDirection(m, v, g, t, 1e-7);
        return add(p, scale(u, (-0.1 * norm(p)) / norm(u)));
      };
    });
  });

  test.each([
    ["torch", 0.95, 0.98, 1e-8],
    ["optax", 0.9, 0.25, 1e-6],
  ] as const)("novograd, %s", (convention, beta1, beta2, epsilon) => {
    expectWalk(novograd, { learningRate: 0.1, weightDecay: 0.2, convention }, () => {
      let v = 0;
      let b: number[] | undefined;
      return (p, g, t) => {
        v = t === 1 ? square(norm(g)) : beta2 * v + (1 - beta2) * square(norm(g));
        const own = add(scale(g, 1 / (Math.sqrt(v) + epsilon)), scale(p, 0.2));
        b = b === undefined ? own : add(scale(b, beta1), own);
        return add(p, scale(b, -0.1));
      };
    });
  });

  test("novograd keeps one number a tensor", () => {
    using model = parameters({ a: [3, 5], b: 2 }, { engine });
    using optimizer = novograd(model);
    const { squaredNorm } = optimizer.stateDict().slots;
    expect([squaredNorm!.a!.length, squaredNorm!.b!.length]).toEqual([1, 1]);
  });
});

test("amsgrad as in optax, by the greatest of the corrected moments", () => {
  expectWalk(amsgrad, { learningRate: 0.1, beta2: 0.9 }, () => {
    const [m, v, w]: [number[], number[], number[]] = [[], [], []];
    return (p, g, t) =>
      p.map((x, i) => {
        m[i] = 0.9 * (m[i] ?? 0) + 0.1 * g[i]!;
        v[i] = 0.9 * (v[i] ?? 0) + (1 - 0.9) * square(g[i]!);
        w[i] = Math.max(w[i] ?? 0, v[i]! / (1 - 0.9 ** t));
        return x - (0.1 * m[i]!) / (1 - 0.9 ** t) / (Math.sqrt(w[i]!) + 1e-8);
      });
  });
});

describe("adafactor", () => {
  interface Moments {
    R: number[];
    C: number[];
    v: number[];
  }
  const lerp = (old: number | undefined, value: number, weight: number) => (old ?? 0) * (1 - weight) + value * weight;

  /** R and C of a matrix, or v of a vector; `added` to every square. */
  function take(s: Moments, g: readonly number[], t: number, added: number): void {
    const weight = t ** -0.8;
    const squares = g.map((x) => x * x + added);
    if (g.length === LENGTH) s.v = squares.map((x, i) => lerp(s.v[i], x, weight));
    else {
      s.R = rowsOf(squares).map((row, i) => lerp(s.R[i], mean(row), weight));
      s.C = columnsOf(squares).map((column, j) => lerp(s.C[j], mean(column), weight));
    }
  }

  const product = (s: Moments, least: number) =>
    s.v.length > 0 ? s.v : s.R.flatMap((row) => s.C.map((column) => (row * column) / Math.max(mean(s.R), least)));

  const empty = (): Moments => ({ R: [], C: [], v: [] });

  test("torch", () => {
    expectWalk(adafactor, { learningRate: 0.3, weightDecay: 0.1, clipThreshold: 1.5 }, () => {
      const s = empty();
      const epsilon = 2 ** -52;
      return (before, g, t) => {
        const rate = Math.min(0.3, t ** -0.5) * Math.max(1e-3, rms(before));
        const p = before.map((x) => x * (1 - 0.3 * 0.1));
        take(s, g, t, 0);
        const v = product(s, epsilon).map((x) => Math.max(x, epsilon * epsilon));
        const u = g.map((x, i) => x / Math.sqrt(v[i]!));
        const denominator = Math.max(1, rms(u) / 1.5);
        return p.map((x, i) => x - (rate / denominator) * u[i]!);
      };
    });
  });

  test("optax: rate, scale of the parameters, average, and decay by itself", () => {
    const options = { convention: "optax", learningRate: 0.2, momentum: 0.8, weightDecay: 0.01, minimumSize: 2 };
    expectWalk(adafactor, options, () => {
      const s = empty();
      const m: number[] = [];
      return (p, g, t) => {
        take(s, g, t, 1e-30);
        const v = product(s, 0);
        const u = g.map((x, i) => x / Math.sqrt(v[i]!));
        const clip = Math.max(1, rms(u));
        return p.map((x, i) => {
          m[i] = 0.8 * (m[i] ?? 0) + 0.2 * ((u[i]! / clip) * 0.2 * Math.max(rms(p), 1e-3));
          return x - (m[i]! + 0.01 * x);
        });
      };
    });
  });

  test("optax does not factor small matrices", () => {
    using model = parameters({ small: [127, 200], large: [128, 200], cube: [2, 130, 140] }, { engine });
    using optimizer = adafactor(model, { convention: "optax" });
    const { rowMoment, columnMoment } = optimizer.stateDict().slots;
    const lengths = (slot: Record<string, ArrayLike<number>>) => Object.values(slot).map(({ length }) => length);
    expect(lengths(rowMoment!)).toEqual([127 * 200, 128, 2 * 130]);
    expect(lengths(columnMoment!)).toEqual([0, 200, 2 * 140]);
  });

  test("keras", () => {
    expectWalk(adafactor, { convention: "keras", learningRate: 0.1, clipThreshold: 0.7 }, () => {
      const s = empty();
      return (p, g, t) => {
        take(s, g, t, 1e-30);
        const v = product(s, 0);
        const u = g.map((x, i) => x / Math.sqrt(v[i]!));
        const rate = Math.max(1e-3, rms(p)) * Math.min(0.1, t ** -0.5);
        return p.map((x, i) => x - (rate * u[i]!) / Math.max(1, rms(u) / 0.7));
      };
    });
  });

  test("tensors of three sizes are matrices of the last two, clipped together", () => {
    const numbers = Array.from({ length: 24 }, draw);
    using model = parameters({ a: [2, 3, 4] }, { dtype: "float64", engine });
    using optimizer = adafactor(model, { learningRate: 0.5, parameterScale: false, clipThreshold: 0.5 });
    model.gradients.a.set(numbers);
    optimizer.step();
    const u = [numbers.slice(0, 12), numbers.slice(12)].flatMap((matrix) => {
      const rows = [0, 1, 2].map((i) => mean(matrix.slice(4 * i, 4 * i + 4).map(square)));
      const columns = [0, 1, 2, 3].map((j) => mean([0, 4, 8].map((k) => square(matrix[k + j]!))));
      return matrix.map((x, k) => x / Math.sqrt((rows[Math.floor(k / 4)]! * columns[k % 4]!) / mean(rows)));
    });
    expectNear(
      model.values.a,
      u.map((x) => (-0.5 * x) / Math.max(1, rms(u) / 0.5)),
    );
  });
});

test("sm3 as in optax; of a vector it is adagrad with an average", () => {
  expectWalk(sm3, { learningRate: 0.3, convention: "optax" }, () => {
    let R: number[] = Array(ROWS).fill(0);
    let C: number[] = Array(COLUMNS).fill(0);
    let s: number[] = Array(LENGTH).fill(0);
    const m: number[] = [];
    return (p, g) => {
      if (g.length === LENGTH) s = s.map((x, i) => x + square(g[i]!));
      else {
        s = g.map((x, k) => Math.min(R[Math.floor(k / COLUMNS)]!, C[k % COLUMNS]!) + x * x);
        R = rowsOf(s).map((row) => Math.max(...row));
        C = columnsOf(s).map((column) => Math.max(...column));
      }
      return p.map((x, i) => {
        m[i] = 0.9 * (m[i] ?? 0) + 0.1 * (s[i]! > 0 ? g[i]! / Math.sqrt(s[i]! + 1e-8) : 0);
        return x - 0.3 * m[i]!;
      });
    };
  });
});

describe("rprop", () => {
  test("the learning rate is the first step alone, held in the limits", () => {
    const walkAlong = (options: object) => {
      const w = new Float64Array(1);
      using optimizer = rprop([w], { growth: 2, maximumStep: 4, ...options, engine });
      return [1, 1, 1, 1, -1, -1].map((g) => {
        const before = w[0]!;
        optimizer.step([new Float64Array([g])]);
        return w[0]! - before;
      });
    };
    expect(walkAlong({ learningRate: (step: number) => (step === 0 ? 1 : 100) })).toEqual([-1, -2, -4, -4, 0, 2]);
    expect(walkAlong({ learningRate: 9 })[0]).toBe(-4);
  });

  test("signs of gradients whose product underflows are compared all the same", () => {
    const w = new Float32Array(2);
    using optimizer = rprop([w], { learningRate: 0.5, growth: 2, engine });
    for (const sign of [1, -1]) optimizer.step([new Float32Array([1e-30, sign * 1e-30])]);
    expect([...w]).toEqual([-1.5, -0.5]);
  });
});

describe("adaptive clipping", () => {
  const step = (shape: readonly number[], values: number[], g: number[], adaptiveClip: unknown) => {
    using model = parameters({ w: shape, other: 3 }, { dtype: "float64", engine });
    model.values.w.set(values);
    model.values.other.set([3, 0, 4]);
    using optimizer = sgd(model, { learningRate: 1, adaptiveClip: adaptiveClip as number });
    model.gradients.w.set(g);
    model.gradients.other.set([0, 2, 0]);
    optimizer.step();
    expectNear(model.values.other, [3, -1, 4]);
    return [...model.values.w].map((x, i) => x - values[i]!);
  };

  test("by tensors: |w| = 10 lets gradients of 2 pass, and no longer ones", () => {
    expectNear(step([2, 2], [6, 0, 0, 8], [0, 3, 4, 0], 0.2), [0, -1.2, -1.6, 0]);
    expectNear(step([2, 2], [6, 0, 0, 8], [0, 1, 1, 0], 0.2), [0, -1, -1, 0]);
  });

  test("by rows: each is clipped by its own norm, and one of zeros by 1e-3", () => {
    const values = [3, 4, 0, 0, 0, 0, 0, 5, 12];
    const rows = step([3, 3], values, [3, 4, 0, 3, 0, 4, 0.1, 0, 0.1], { ratio: 0.2, unit: "row" });
    expectNear(rows, [-0.6, -0.8, 0, -0.6 * 2e-4, 0, -0.8 * 2e-4, -0.1, 0, -0.1]);
    const least = step([3, 3], values, [0, 0, 0, 3, 0, 4, 0, 0, 0], { ratio: 0.2, unit: "row", least: 1 });
    expectNear(least, [0, 0, 0, -0.6 * 0.2, 0, -0.8 * 0.2, 0, 0, 0]);
  });

  test("a tensor of three sizes has units of its first, a vector is one", () => {
    expectNear(step([2, 1, 2], [3, 4, 6, 8], [3, 4, 3, 4], { ratio: 0.2, unit: "row" }), [-0.6, -0.8, -1.2, -1.6]);
    expectNear(step([4], [6, 0, 0, 8], [0, 3, 4, 0], { ratio: 0.2, unit: "row" }), [0, -1.2, -1.6, 0]);
  });

  test("rows can't be clipped together with tensors", () => {
    expect(() =>
      sgd([new Float64Array(1)], { clipTensorNorm: 1, adaptiveClip: { ratio: 1, unit: "row" }, engine }),
    ).toThrow(new RangeError("sgd: clipTensorNorm can't go with adaptiveClip by rows"));
  });
});

describe("the examples of the documentation", () => {
  const float = (...values: number[]) => new Float64Array(values);
  const after = (create: Create, options: object, w: Float64Array, ...along: Float64Array[]) => {
    using optimizer = create({ w }, { ...options, engine } as WithEngine);
    for (const g of along) optimizer.step({ w: g });
    return w;
  };

  test("of vectors", () => {
    const growing = { learningRate: 0.5, growth: 1.5 };
    expectNear(after(rprop, growing, float(1, 1), float(4, -0.01)), [0.5, 1.5]);
    expectNear(after(rprop, growing, float(1, 1), float(4, -0.01), float(1, 3)), [-0.25, 1.5]);
    const plain = { learningRate: 0.5, beta1: 0, epsilon: 0 };
    expectNear(after(amsgrad, plain, float(1), float(4)), [0.5]);
    expectNear(after(amsgrad, plain, float(1), float(4), float(2)), [0.25]);
    expectNear(after(dampedAdam, { learningRate: 0.5, epsilon: 3 }, float(1), float(4)), [0.6]);
    const trusting = { learningRate: 0.5, trustCoefficient: 1, momentum: 0 };
    expectNear(after(lars, trusting, float(3, 4), float(0, 7)), [3, 1.5]);
    const w = after(lamb, { learningRate: 0.5, epsilon: 0 }, float(3, 4, 0, 0), float(1, -2, 3, 4));
    expectNear(w, [1.75, 5.25, -1.25, -1.25]);
    expectNear(after(novograd, { learningRate: 0.5, epsilon: 0 }, float(1, 1), float(3, 4)), [0.7, 0.6]);
  });

  test("of matrices", () => {
    using model = parameters({ weights: [2, 2] }, { dtype: "float64", engine });
    using optimizer = sm3(model, { learningRate: 1, momentum: 0, epsilon: 0 });
    model.gradients.weights.set([3, 0, 0, 4]);
    optimizer.step();
    expectNear(model.values.weights, [-1, 0, 0, -1]);
    optimizer.step();
    expectNear(model.values.weights, [-1 - Math.SQRT1_2, 0, 0, -1 - Math.SQRT1_2]);
    using other = parameters({ weights: [2, 2] }, { dtype: "float64", engine });
    other.values.weights.fill(2);
    using second = adafactor(other, { learningRate: 0.5 });
    other.gradients.weights.set([1, -1, 1, 1]);
    second.step();
    expectNear(other.values.weights, [1, 3, 1, 1]);
  });
});
