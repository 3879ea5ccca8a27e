// The micro-kernel of every matrix product: a tile of C, four rows by two vectors (4 x 8 in f32, 4 x 4 in f64).
//
// Eight vectors of sums, two of B, four elements of A spread over a vector each, and a product: 15 registers, which is
// what V8 leaves of 16. Taller tiles spill on Node 20 and 22, which load everything at the top of a block; so does this one
// with k plainly unrolled, for a fifth of the speed. The four rows of A are read where they lie, in `load_splat`s: a load
// and a shuffle, or lanes of one wide load, take the port that the additions need (0.75 of the speed).
//
// A function of its own for a panel's tiles, and to stay one: V8 takes up optimised code between calls only, so the first large
// product would run in baseline code to its end if this were inlined in the loops around it.

import { PAIR, VECTOR, bytes, multiplyAdd, splat, zero } from "../simd/lanes";

/** Rows of a tile. */
// @ts-ignore: decorator
@inline export const ROWS: i32 = 4;

/** Columns of a tile. */
// @ts-ignore: decorator
@inline
export function columns<T>(): i32 {
  return <i32>(PAIR / sizeof<T>());
}

/** Two vectors of a row: c <- alpha sum + beta c. */
// @ts-ignore: decorator
@inline
function finish<T>(c: usize, alpha: v128, low: v128, high: v128, beta: T): void {
  if (beta == 0) {
    v128.store(c, v128.mul<T>(alpha, low));
    v128.store(c, v128.mul<T>(alpha, high), VECTOR);
  } else {
    const factor = splat<T>(beta);
    v128.store(c, multiplyAdd<T>(alpha, low, v128.mul<T>(factor, v128.load(c))));
    v128.store(c, multiplyAdd<T>(alpha, high, v128.mul<T>(factor, v128.load(c, VECTOR))), VECTOR);
  }
}

/** Bytes from a k of A to the next: A = T where its rows lie, v128 where it is packed in panels as B is. */
// @ts-ignore: decorator
@inline
function stepA<T, A>(): usize {
  return sizeof<A>() == sizeof<v128>() ? PAIR : sizeof<T>();
}

// @ts-ignore: decorator
@inline
function multiply<T, A>(
  count: i32, k: i32, a: usize, second: usize, third: usize, panelB: usize, alpha: T, beta: T, c: usize, rowC: usize,
): void {
  a &= -sizeof<T>();
  panelB &= -sizeof<T>();
  const end = panelB + <usize>k * PAIR;
  // Of a panel of A, the tile that begins with its first column is followed by that beside it, if it is not whole.
  let beside = false;
  do {
    let low0 = zero(), low1 = low0, low2 = low0, low3 = low0;
    let high0 = low0, high1 = low0, high2 = low0, high3 = low0;
    let a0 = a, a1 = a + second, a2 = a + third, a3 = a2 + second, panel = panelB;
    do {
      if (panel < end) {
        const high = v128.load(panel, VECTOR), low = v128.load(panel);
        let x = v128.load_splat<T>(a3);
        low3 = multiplyAdd<T>(x, low, low3);
        high3 = multiplyAdd<T>(x, high, high3);
        x = v128.load_splat<T>(a2);
        high2 = multiplyAdd<T>(x, high, high2);
        low2 = multiplyAdd<T>(x, low, low2);
        x = v128.load_splat<T>(a1);
        high1 = multiplyAdd<T>(x, high, high1);
        low1 = multiplyAdd<T>(x, low, low1);
        x = v128.load_splat<T>(a0);
        high0 = multiplyAdd<T>(x, high, high0);
        low0 = multiplyAdd<T>(x, low, low0);
      }
      if (panel + PAIR < end) {
        const high = v128.load(panel, PAIR + VECTOR), low = v128.load(panel, PAIR);
        let x = v128.load_splat<T>(a3, stepA<T, A>());
        low3 = multiplyAdd<T>(x, low, low3);
        high3 = multiplyAdd<T>(x, high, high3);
        x = v128.load_splat<T>(a2, stepA<T, A>());
        high2 = multiplyAdd<T>(x, high, high2);
        low2 = multiplyAdd<T>(x, low, low2);
        x = v128.load_splat<T>(a1, stepA<T, A>());
        high1 = multiplyAdd<T>(x, high, high1);
        low1 = multiplyAdd<T>(x, low, low1);
        x = v128.load_splat<T>(a0, stepA<T, A>());
        high0 = multiplyAdd<T>(x, high, high0);
        low0 = multiplyAdd<T>(x, low, low0);
      }
      if (panel + 2 * PAIR < end) {
        const high = v128.load(panel, 2 * PAIR + VECTOR), low = v128.load(panel, 2 * PAIR);
        let x = v128.load_splat<T>(a3, 2 * stepA<T, A>());
        low3 = multiplyAdd<T>(x, low, low3);
        high3 = multiplyAdd<T>(x, high, high3);
        x = v128.load_splat<T>(a2, 2 * stepA<T, A>());
        high2 = multiplyAdd<T>(x, high, high2);
        low2 = multiplyAdd<T>(x, low, low2);
        x = v128.load_splat<T>(a1, 2 * stepA<T, A>());
        high1 = multiplyAdd<T>(x, high, high1);
        low1 = multiplyAdd<T>(x, low, low1);
        x = v128.load_splat<T>(a0, 2 * stepA<T, A>());
        high0 = multiplyAdd<T>(x, high, high0);
        low0 = multiplyAdd<T>(x, low, low0);
      }
      if (panel + 3 * PAIR < end) {
        const high = v128.load(panel, 3 * PAIR + VECTOR), low = v128.load(panel, 3 * PAIR);
        let x = v128.load_splat<T>(a3, 3 * stepA<T, A>());
        low3 = multiplyAdd<T>(x, low, low3);
        high3 = multiplyAdd<T>(x, high, high3);
        x = v128.load_splat<T>(a2, 3 * stepA<T, A>());
        high2 = multiplyAdd<T>(x, high, high2);
        low2 = multiplyAdd<T>(x, low, low2);
        x = v128.load_splat<T>(a1, 3 * stepA<T, A>());
        high1 = multiplyAdd<T>(x, high, high1);
        low1 = multiplyAdd<T>(x, low, low1);
        x = v128.load_splat<T>(a0, 3 * stepA<T, A>());
        high0 = multiplyAdd<T>(x, high, high0);
        low0 = multiplyAdd<T>(x, low, low0);
      }
      a0 += 4 * stepA<T, A>();
      a1 += 4 * stepA<T, A>();
      a2 += 4 * stepA<T, A>();
      a3 += 4 * stepA<T, A>();
      panel += 4 * PAIR;
    } while (panel < end);
    const factor = splat<T>(alpha);
    finish<T>(c, factor, low0, high0, beta);
    finish<T>(c + rowC, factor, low1, high1, beta);
    finish<T>(c + 2 * rowC, factor, low2, high2, beta);
    finish<T>(c + 3 * rowC, factor, low3, high3, beta);
    a += 2 * third;
    if (sizeof<A>() == sizeof<v128>()) {
      beside = !beside && sizeof<T>() == sizeof<f32>();
      if (!beside) a += <usize>(k - 1) * PAIR;
    }
    c += <usize>ROWS * rowC;
  } while (--count);
}

/**
 * C <- alpha A B + beta C for `count` tiles, at least one, one below the other: each element's sum in the order of k, from 0.
 * C is not read if beta is 0, so that NaN left in it does not survive.
 * a: the first row of a tile of A, T[k]; the others `second`, `third` and `second + third` bytes on, the next tile twice
 * `third`. panelB: k rows of two vectors. c: four rows of two vectors a tile, `rowC` bytes apart.
 *
 * Each k is behind a condition that fails only past the last. V8 11.3 moves all loads of a block to its front unless its
 * sums, which it puts in an order of its own, come in the order of the loads; and a run of sums with no load between them starts
 * no faster than four a cycle. The join after a condition is where that order begins anew, and rows from the last to the first
 * are in it; the last row takes `low` first, so that both vectors of B are loaded before the sums. The masks clear no bit: V8
 * extends an address to 64 bits wherever it is used, unless it has computed it itself. On Zen 3 a tile of 256 k is 1.17
 * times as fast in strict as with two k a turn and an exit between, on Node 24 1.08 times, in Deno 2.9 too; in Bun 0.94. A
 * call for each tile made products of 32 take 1.10 times as long, those of 64 1.06, of 128 1.03.
 */
export function multiplyTiles<T>(
  count: i32, k: i32, a: usize, second: usize, third: usize, panelB: usize, alpha: T, beta: T, c: usize, rowC: usize,
): void {
  multiply<T, T>(count, k, a, second, third, panelB, alpha, beta, c, rowC);
}

/**
 * The same with A packed in panels too, as B is: the rows of the first tile are the first columns of the panel `panelA`, which has
 * k rows like the other. So A^T A needs no transpose.
 */
export function multiplyTilesOfPanels<T>(
  count: i32, k: i32, panelA: usize, panelB: usize, alpha: T, beta: T, c: usize, rowC: usize,
): void {
  multiply<T, v128>(count, k, panelA, sizeof<T>(), 2 * sizeof<T>(), panelB, alpha, beta, c, rowC);
}
