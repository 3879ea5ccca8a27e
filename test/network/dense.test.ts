// assembly/network against its reference: to the bit on strict where no exponential is involved, within the bound of a sum
// on relaxed.

import { describe, expect, test } from "vitest";
import { DTYPES, dtypes, moderate, type Random, seeded } from "../kernels/numbers.js";
import { BINARIES } from "../kernels/variants.js";
import { matrix } from "../matrix/dense.js";
import { Stage } from "../matrix/stage.js";

const SHAPES = [
  [0, 3],
  [1, 0],
  [1, 1],
  [2, 3],
  [3, 2],
  [5, 8],
  [7, 17],
  [16, 16],
  [9, 40],
  [33, 31],
] as const;
const [IDENTITY, SIGMOID, RELU, LEAKY_RELU, TANH] = [0, 1, 2, 3, 4] as const;
const SLOPE = 0.1;

const values: Record<number, (x: number) => number> = {
  [IDENTITY]: (x) => x,
  [SIGMOID]: (x) => 1 / (1 + Math.exp(-x)),
  [RELU]: (x) => Math.max(x, 0),
  [LEAKY_RELU]: (x) => (x > 0 ? x : SLOPE * x),
  [TANH]: Math.tanh,
};

const row = (n: number, draw: () => number) => Array.from({ length: n }, draw);

describe.each(BINARIES)("%s", (binary) => {
  describe.each(DTYPES)("%s", (dtype) => {
    const [stage, reference] = [new Stage(binary, dtype), new Stage("reference", dtype)];
    const { roundoff, array } = dtypes[dtype];

    /** What a call leaves in the arrays it writes, of the binary and of the reference. */
    function both(call: (one: Stage) => (() => number[])[]): [number[][], number[][]] {
      return [stage, reference].map((one) => {
        one.clear();
        const read = call(one);
        one.finish();
        return read.map((array) => array());
      }) as [number[][], number[][]];
    }

    function expectSame([actual, expected]: [number[][], number[][]], bound: number): void {
      actual.forEach((numbers, k) => {
        numbers.forEach((x, i) => {
          if (Object.is(x, expected[k]![i])) return;
          expect(Math.abs(x - expected[k]![i]!), `array ${k}, element ${i}`).toBeLessThanOrEqual(bound);
        });
      });
    }

    test.each(Object.keys(values).map(Number))("denseForward, activation %d, is f(W x + b)", (kind) => {
      for (const [m, n] of SHAPES) {
        const random = seeded(m * 100 + n);
        const draw = () => moderate(random);
        const [W, b, x] = [matrix(m, n, draw), row(m, draw), row(n, draw)];
        const results = both((one) => {
          const [w, biases, inputs] = [one.place(W, n), one.vector(b), one.vector(x)];
          const outputs = one.vector(row(m, () => Number.NaN));
          one.kernel("denseForward")(
            m,
            n,
            kind,
            SLOPE,
            w.pointer,
            w.ld,
            biases.pointer,
            inputs.pointer,
            outputs.pointer,
          );
          return [outputs.read];
        });
        const [X, B] = [array.from(x), array.from(b)];
        const sums = W.map((weights, i) =>
          Array.from(array.from(weights)).reduce((sum, w, k) => sum + w * X[k]!, B[i]!),
        );
        const magnitude = Math.max(
          1,
          ...W.map((weights, i) => weights.reduce((s, w, k) => s + Math.abs(w * x[k]!), Math.abs(b[i]!))),
        );
        const bound = 4 * (n + 4) * roundoff * magnitude;
        expectSame(results, binary === "strict" ? 8 * roundoff : bound);
        results[0][0]!.forEach((y, i) => {
          expect(Math.abs(y - values[kind]!(sums[i]!))).toBeLessThanOrEqual(bound);
        });
      }
    });

    test("activations keep NaN, end at their limits and are exact about 0", () => {
      const x = [Number.NaN, 1 / 0, -1 / 0, 800, -800, 0, 1e-5, 0.019, 0.021, -3];
      for (const kind of Object.keys(values).map(Number)) {
        const results = both((one) => {
          const w = one.place(
            x.map(() => [0]),
            1,
          );
          const [biases, inputs, outputs] = [one.vector(x), one.vector([0]), one.vector(x)];
          one.kernel("denseForward")(
            x.length,
            1,
            kind,
            SLOPE,
            w.pointer,
            w.ld,
            biases.pointer,
            inputs.pointer,
            outputs.pointer,
          );
          return [outputs.read];
        });
        results[0][0]!.forEach((y, i) => {
          const expected = values[kind]!(array.from(x)[i]!);
          if (Number.isFinite(expected)) {
            const least = kind === SIGMOID ? 1e-300 : 0;
            expect(Math.abs(y - expected), `${kind} of ${x[i]}`).toBeLessThanOrEqual(
              Math.max(Math.abs(expected) * 50 * roundoff, least),
            );
          } else expect(y, `${kind} of ${x[i]}`).toBe(expected);
        });
      }
    });

    test.each(Object.keys(values).map(Number))("denseBackward, activation %d, is the derivative", (kind) => {
      for (const [m, n] of SHAPES) {
        const random = seeded(m * 100 + n);
        const draw = () => moderate(random);
        const [W, d, y] = [matrix(m, n, draw), row(m, draw), row(n, () => values[kind]!(draw()))];
        const results = both((one) => {
          const [w, deltas, inputs] = [one.place(W, n), one.vector(d), one.vector(y)];
          const [errors, below] = [one.vector(row(n, () => Number.NaN)), one.vector(row(n, () => Number.NaN))];
          one.kernel("denseBackward")(
            m,
            n,
            kind,
            SLOPE,
            w.pointer,
            w.ld,
            deltas.pointer,
            inputs.pointer,
            errors.pointer,
            below.pointer,
          );
          return [errors.read, below.read];
        });
        const magnitude = Math.max(
          1,
          ...y.map((v, k) => (1 + v * v) * W.reduce((s, weights, i) => s + Math.abs(weights[k]! * d[i]!), 0)),
        );
        expectSame(results, binary === "strict" ? 0 : 4 * (m + 4) * roundoff * magnitude);
      }
    });

    test("activationDeltas scales errors by the slope where the node is", () => {
      for (const [kind, slope] of [
        [RELU, 0],
        [LEAKY_RELU, SLOPE],
      ] as const) {
        const [actual] = both((one) => {
          const [outputs, errors] = [one.vector([0, 2, -1]), one.vector([3, 5, 8])];
          const deltas = one.vector([0, 0, 0]);
          one.kernel("activationDeltas")(3, kind, SLOPE, outputs.pointer, errors.pointer, deltas.pointer);
          return [deltas.read];
        });
        expect(actual[0]).toStrictEqual([...array.from([3 * array.of(slope)[0]!, 5, 8 * array.of(slope)[0]!])]);
      }
    });

    function outer(m: number, n: number, draw: (random: Random) => number) {
      const random = seeded(m * 1000 + n);
      const next = () => draw(random);
      return {
        P: matrix(m, n, next),
        S: matrix(m, n, next),
        T: matrix(m, n, () => Math.abs(next())),
        d: row(m, next),
        x: row(n, next),
      };
    }

    test("momentumOuter is the rule on the outer product, for all shapes", () => {
      for (const [m, n] of SHAPES) {
        const { P, S, d, x } = outer(m, n, moderate);
        const results = both((one) => {
          const [p, s, deltas, inputs] = [one.place(P, n), one.place(S, n), one.vector(d), one.vector(x)];
          one.kernel("momentumOuter")(m, n, p.pointer, p.ld, deltas.pointer, inputs.pointer, s.pointer, 0.3, 0.1);
          return [() => p.read().flat(), () => s.read().flat()];
        });
        const magnitude = Math.max(
          0,
          ...P.flatMap((r, i) => r.map((p, k) => Math.abs(p) + Math.abs(d[i]! * x[k]!) + Math.abs(S[i]![k]!))),
        );
        expectSame(results, binary === "strict" ? 0 : 4 * roundoff * magnitude);
        results[0][1]!.forEach((v, at) => {
          const [i, k] = [Math.floor(at / n), at % n];
          expect(Math.abs(v - (0.1 * S[i]![k]! + 0.3 * d[i]! * x[k]!))).toBeLessThanOrEqual(16 * roundoff * magnitude);
        });
      }
    });

    test("adamOuter is adam on the outer product, to the bit on strict", () => {
      const step = [0.9, 0.1, 0.999, 0.001, -0.01, 1.5, 1e-8] as const;
      for (const [m, n] of SHAPES) {
        const { P, S, T, d, x } = outer(m, n, moderate);
        const results = both((one) => {
          const [p, s, t, deltas, inputs] = [
            one.place(P, n),
            one.place(S, n),
            one.place(T, n),
            one.vector(d),
            one.vector(x),
          ];
          one.kernel("adamOuter")(m, n, p.pointer, p.ld, deltas.pointer, inputs.pointer, s.pointer, t.pointer, ...step);
          return [() => p.read().flat(), () => s.read().flat(), () => t.read().flat()];
        });
        const G = d.flatMap((delta) => x.map((input) => array.of(array.of(delta)[0]! * array.of(input)[0]!)[0]!));
        const adam = [stage].map((one) => {
          one.clear();
          const [p, s, t, g] = [one.vector(P.flat()), one.vector(S.flat()), one.vector(T.flat()), one.vector(G)];
          one.kernel("adam")(
            m * n,
            p.pointer,
            g.pointer,
            0,
            s.pointer,
            t.pointer,
            ...([...step.slice(0, 4), 0.01, ...step.slice(5)] as [
              number,
              number,
              number,
              number,
              number,
              number,
              number,
            ]),
          );
          return [p.read(), s.read(), t.read()];
        })[0]!;
        const scale = 1 + Math.max(0, ...results[1].flat().map(Math.abs), ...G.map((g) => g * g));
        expectSame(results, binary === "strict" ? 0 : 32 * roundoff * scale);
        if (binary === "strict") {
          // adam subtracts a step of 0.01 m / root, adamOuter adds one of -0.01 m / root.
          expect(results[0]).toStrictEqual(adam);
        }
      }
    });

    test("clippedRmspropOuter is the rule on the outer product, for all shapes", () => {
      const [decay, rate, clip, epsilon, shrink] = [0.9, -0.01, 0.3, 1e-4, 0.02];
      for (const [m, n] of SHAPES) {
        const { P, T, d, x } = outer(m, n, moderate);
        const results = both((one) => {
          const [p, t, deltas, inputs] = [one.place(P, n), one.place(T, n), one.vector(d), one.vector(x)];
          const scalars = [decay, 1 - decay, rate, clip, epsilon, shrink] as const;
          one.kernel("clippedRmspropOuter")(
            m,
            n,
            p.pointer,
            p.ld,
            deltas.pointer,
            inputs.pointer,
            t.pointer,
            ...scalars,
          );
          return [() => p.read().flat(), () => t.read().flat()];
        });
        const G = d.flatMap((delta) => x.map((input) => delta * input));
        const [before, squares] = [P.flat(), T.flat()];
        const scale = 1 + Math.max(0, ...before.map(Math.abs), ...squares, ...G.map((g) => g * g));
        const bound = 64 * roundoff * scale;
        expectSame(results, binary === "strict" ? 0 : bound);
        const expected = G.map((g, at) => decay * squares[at]! + (1 - decay) * g * g);
        const moved = G.map((g, at) => {
          const step = (rate * Math.max(-clip, Math.min(clip, g))) / Math.sqrt(expected[at]! + epsilon);
          return (1 - shrink) * before[at]! + step;
        });
        expectSame([results[0], [moved, expected]], bound);
      }
    });
  });
});
