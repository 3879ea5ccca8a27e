// assembly/matrix/elements.ts and the direction of moments, against sums in the test and against the kernels that they stand for.

import { describe, expect, test } from "vitest";
import { DTYPES, dtypes, seeded } from "../kernels/numbers.js";
import { BINARIES } from "../kernels/variants.js";
import { wholeMatrix } from "./dense.js";
import { room, Stage } from "./stage.js";

const SIZES = [0, 1, 2, 3, 4, 5, 7, 8, 13, 16, 33, 64];

describe.each([...BINARIES, "reference"] as const)("%s", (variant) => {
  describe.each(DTYPES)("%s", (dtype) => {
    const stage = new Stage(variant, dtype);

    test("matrixSquaredNorm sums up squares, of rows apart, that f32 could not hold", () => {
      for (const rows of SIZES) {
        for (const columns of SIZES) {
          const a = wholeMatrix(rows, columns);
          stage.clear();
          const A = stage.place(a, columns);
          const squares = a.flat().reduce((sum, x) => sum + x * x, 0);
          expect(stage.kernel("matrixSquaredNorm")(rows, columns, A.pointer, A.ld)).toBe(squares);
        }
      }
      stage.clear();
      const A = stage.place([[2 ** -80, 2 ** -80, 2 ** -80, 2 ** -80, 2 ** -80]]);
      expect(stage.kernel("matrixSquaredNorm")(1, 5, A.pointer, A.ld)).toBe(5 * 2 ** -160);
    });

    test("squareElements squares a matrix, in another place and in its own", () => {
      for (const rows of SIZES) {
        for (const columns of SIZES) {
          const x = wholeMatrix(rows, columns);
          const squares = x.map((row) => row.map((value) => value * value));
          stage.clear();
          const [X, Y] = [stage.place(x, columns), stage.place(room(rows, columns), columns)];
          stage.kernel("squareElements")(rows, columns, X.pointer, X.ld, Y.pointer, Y.ld);
          expect(Y.read()).toStrictEqual(squares);
          stage.kernel("squareElements")(rows, columns, X.pointer, X.ld, X.pointer, X.ld);
          expect(X.read()).toStrictEqual(squares);
          stage.finish();
        }
      }
    });

    test.each([
      ["adam", true, true],
      ["rmsprop", false, true],
      ["sgd", false, false],
    ] as const)("momentDirection is to the bit what %s subtracts", (rule, withFirst, withSecond) => {
      for (const n of SIZES) {
        const random = seeded(n);
        const drawn = (of: () => number) => Array.from({ length: n }, () => dtypes[dtype].array.of(of())[0]!);
        const gradients = drawn(() => random() - 0.5);
        const moments = [drawn(() => random() - 0.5), drawn(random)] as const;
        stage.clear();
        const [G, D, P] = [stage.vector(gradients), stage.vector(gradients), stage.vector(drawn(() => 0))];
        const M = [stage.vector(moments[0]), stage.vector(moments[0])] as const;
        const V = [stage.vector(moments[1]), stage.vector(moments[1])] as const;
        const direction = stage.kernel("momentDirection");
        const [first, second] = [withFirst ? M[0].pointer : 0, withSecond ? V[0].pointer : 0];
        direction(n, G.pointer, first, second, D.pointer, 0.9, 0.1, 0.99, 0.01, 0.3, withFirst ? 2 : 1, 1e-3);
        if (rule === "adam") {
          const [p, g, m, v] = [P.pointer, G.pointer, M[1].pointer, V[1].pointer];
          stage.kernel("adam")(n, p, g, 0, m, v, 0.9, 0.1, 0.99, 0.01, 0.3, 2, 1e-3);
        } else if (rule === "rmsprop") {
          stage.kernel("rmsprop")(n, P.pointer, G.pointer, 0, V[1].pointer, 0.99, 0.01, 0, 1e-3, 0.3);
        } else stage.kernel("sgd")(n, P.pointer, G.pointer, 0, 0.3);
        expect(P.read()).toStrictEqual(D.read().map((x) => 0 - x));
        if (withFirst) expect(M[0].read()).toStrictEqual(M[1].read());
        if (withSecond) expect(V[0].read()).toStrictEqual(V[1].read());
      }
    });
  });
});
