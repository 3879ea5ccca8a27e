// assembly/matrix/blocks.ts on the blocks of whole tensors, against sums over their indices. Numbers are whole, or halves, so
// that sums are exact in whatever order.

import { describe, expect, test } from "vitest";
import { blockTable } from "../../src/matrix/block-table.js";
import { type Block, type BlockedTensor, blocksOf, type Mode, partsOf, type Stripe } from "../../src/matrix/blocks.js";
import { DTYPES, dtypes, seeded } from "../kernels/numbers.js";
import { BINARIES } from "../kernels/variants.js";
import { matrix, transposed } from "./dense.js";
import { Stage } from "./stage.js";

/** Tensors of which no sizes are merged; the long ones have sums in several parts. */
const TENSORS = [
  { sizes: [5, 6], blockSize: 6 },
  { sizes: [13, 9], blockSize: 6 },
  { sizes: [4, 7, 5], blockSize: 6 },
  { sizes: [4, 3, 7, 5], blockSize: 6 },
  { sizes: [5, 300], blockSize: 512 },
  { sizes: [300, 3], blockSize: 512 },
  { sizes: [33, 19], blockSize: 17 },
];

const product = (sizes: readonly number[]) => sizes.reduce((n, size) => n * size, 1);

/** The first stripe of a tensor: with the whole range of the first size that its blocks have. */
function firstStripe(sizes: readonly number[], blockSize: number): { stripe: Stripe; modes: readonly Mode[] } {
  const all = blocksOf(sizes, { blockSize, oneSidedRatio: Number.POSITIVE_INFINITY });
  const blocks = all.slice(0, all.length / partsOf(sizes[0]!, blockSize).length);
  const elements = blocks.reduce((sum, block) => sum + block.elements, 0);
  const stripe = { index: 0, offset: 0, length: elements, elements, blocks };
  return { stripe, modes: blocks.flatMap(({ modes }) => modes) };
}

/** Of every block of the stripe, by hand: its sizes, and the elements of the stripe that are its own, the last index fastest. */
function boxes(sizes: readonly number[], blockSize: number): { lengths: readonly number[]; own: readonly number[] }[] {
  let lists: { lengths: number[]; at: number[] }[] = [{ lengths: [], at: [0] }];
  sizes.forEach((size, k) => {
    const parts = k === 0 ? partsOf(size, blockSize).slice(0, 1) : partsOf(size, blockSize);
    lists = lists.flatMap(({ lengths, at }) => {
      let from = 0;
      return parts.map((length) => {
        const first = from;
        from += length;
        const next = at.flatMap((place) => Array.from({ length }, (_, i) => place * size + first + i));
        return { lengths: [...lengths, length], at: next };
      });
    });
  });
  return lists.map(({ lengths, at }) => ({ lengths, own: at }));
}

/** The index along a mode of every element of a box. */
function indexAlong(lengths: readonly number[], mode: number): (element: number) => number {
  const after = product(lengths.slice(mode + 1));
  return (element) => Math.floor(element / after) % lengths[mode]!;
}

/** M X along a mode, over the indices. */
function applied(lengths: readonly number[], mode: number, m: readonly number[][], x: readonly number[]): number[] {
  const after = product(lengths.slice(mode + 1));
  const index = indexAlong(lengths, mode);
  return x.map((_, e) => m[index(e)]!.reduce((sum, factor, k) => sum + factor * x[e + (k - index(e)) * after]!, 0));
}

/** G G^T of the unfolding along a mode, its lower triangle row by row. */
function gram(lengths: readonly number[], mode: number, g: readonly number[]): number[] {
  const after = product(lengths.slice(mode + 1));
  const index = indexAlong(lengths, mode);
  const n = lengths[mode]!;
  const sums = new Map<number, number>();
  g.forEach((value, e) => {
    const i = index(e);
    for (let j = 0; j <= i; j++) {
      const at = (i * (i + 1)) / 2 + j;
      sums.set(at, (sums.get(at) ?? 0) + value * g[e + (j - i) * after]!);
    }
  });
  return Array.from({ length: (n * (n + 1)) / 2 }, (_, at) => sums.get(at) ?? 0);
}

describe.each([...BINARIES, "reference"] as const)("%s", (variant) => {
  describe.each(DTYPES)("%s", (dtype) => {
    const stage = new Stage(variant, dtype, 64);

    describe.each(TENSORS)("$sizes in blocks of $blockSize", ({ sizes, blockSize }) => {
      const { stripe, modes } = firstStripe(sizes, blockSize);
      const hand = boxes(sizes, blockSize);
      const random = seeded(sizes.length);
      const whole = (most: number) => Math.floor(random() * (2 * most + 1)) - most;
      const draw = (n: number, most = 3) => Array.from({ length: n }, () => whole(most));
      const gradients = draw(stripe.elements);
      const copiesByHand = hand.map(({ own }) => own.map((place) => gradients[place]!));
      const triangles = modes.reduce((sum, { size }) => sum + (size * (size + 1)) / 2, 0);
      const most = (of: (mode: Mode) => number) => Math.max(...modes.map(of));
      const longest = Math.max(...stripe.blocks.map(({ elements }) => elements));

      function begin() {
        stage.clear();
        const tensor = { stripes: [stripe] } as unknown as BlockedTensor;
        const { numbers, places } = blockTable([tensor]);
        const table = stage.integers(numbers);
        const across = most(({ last, rows, columns }) => (last ? rows : columns));
        const work = stage.kernel("blocksScratch")(
          longest,
          most(({ size }) => size),
          across,
        );
        return { record: (of: Stripe | Mode) => table + places.get(of)!, work: stage.scratch(work) };
      }

      /** A matrix for every mode, and how it lies among those of the tensor. */
      function matrices(element: (i: number, j: number, n: number) => number) {
        const all = modes.map(({ size: n }) => matrix(n, n, (i, j) => element(i, j, n)));
        return { all, flat: all.flat(2) };
      }

      const byHand = (each: (box: (typeof hand)[number], b: number, block: Block) => readonly number[]) => {
        const to = Array<number>(stripe.elements).fill(Number.NaN);
        hand.forEach((box, b) => {
          const values = each(box, b, stripe.blocks[b]!);
          box.own.forEach((place, e) => {
            to[place] = values[e]!;
          });
        });
        return to;
      };

      test("gatherBlocks copies the blocks and adds to the statistics of all their modes", () => {
        const { record, work } = begin();
        const before = draw(triangles);
        const [G, C] = [stage.vector(gradients), stage.vector(Array<number>(stripe.elements).fill(Number.NaN))];
        const S = stage.vector(before);
        const [from, to] = [G.pointer, C.pointer];
        stage.kernel("gatherBlocks")(stripe.blocks.length, record(stripe), from, to, S.pointer, -1, 0.5, work);
        expect(C.read()).toStrictEqual(copiesByHand.flat());
        expect(G.read()).toStrictEqual(gradients);
        const added = hand.flatMap(({ lengths }, b) => lengths.flatMap((_, k) => gram(lengths, k, copiesByHand[b]!)));
        expect(S.read()).toStrictEqual(added.map((sum, i) => sum / 2 - before[i]!));
        stage.finish();
      });

      const single = test.skipIf(stripe.blocks.length > 1);
      single("gatherBlocks reads no statistics that are not kept, and leaves a block that is its own copy", () => {
        const { record, work } = begin();
        const G = stage.vector(copiesByHand[0]!);
        const S = stage.vector(Array<number>(triangles).fill(Number.NaN));
        stage.kernel("gatherBlocks")(1, record(stripe), G.pointer, G.pointer, S.pointer, 0, 1, work);
        expect(G.read()).toStrictEqual(copiesByHand[0]);
        const { lengths } = hand[0]!;
        expect(S.read()).toStrictEqual(lengths.flatMap((_, k) => gram(lengths, k, copiesByHand[0]!)));
      });

      test("applyAlongMode multiplies by a matrix along a mode", () => {
        stripe.blocks.forEach(({ modes: own, elements }, b) => {
          own.forEach((mode, k) => {
            const { record, work } = begin();
            const m = Array.from({ length: mode.size }, () => draw(mode.size, 1));
            const [M, X] = [stage.vector(m.flat()), stage.vector(copiesByHand[b]!)];
            const Y = stage.vector(Array<number>(elements).fill(Number.NaN));
            stage.kernel("applyAlongMode")(record(mode), M.pointer, X.pointer, Y.pointer, work);
            expect(Y.read()).toStrictEqual(applied(hand[b]!.lengths, k, m, copiesByHand[b]!));
            stage.finish();
          });
        });
      });

      /** Runs a kernel of directions with beta1 0.5, intake1 0.5, firstScale 2: m <- (m + g) / 2, d <- 2 m. */
      function direct(
        name: "shampooBlocks" | "soapBlocks",
        flat: readonly number[],
        made: readonly number[],
        { first, second, grafts = 0 }: { first?: number[]; second?: number[]; grafts?: number },
      ) {
        const { record, work } = begin();
        const [D, C] = [stage.vector(gradients), stage.vector(copiesByHand.flat())];
        const [M, V] = [first && stage.vector(first), second && stage.vector(second)];
        const [P, R] = [stage.vector(flat), stage.vector(made)];
        const places = [record(stripe), D.pointer, C.pointer, M?.pointer ?? 0, V?.pointer ?? 0, P.pointer, R.pointer];
        const scalars = [...(name === "shampooBlocks" ? [grafts] : []), 0.5, 0.5, 0, 1, 2, 1, 1, work];
        (stage.kernel(name) as (...args: number[]) => void)(stripe.blocks.length, ...places, ...scalars);
        stage.finish();
        return { directions: D.read(), first: M?.read(), second: V?.read() };
      }

      const symmetric = (i: number, j: number) => ((i * j + i + j) % 5) - 2;
      const starts = stripe.blocks.map(({ start }) => start);
      const allMade = modes.map(() => 3);

      test("shampooBlocks takes the first moment times the roots of all modes, and keeps the moment", () => {
        const first = draw(stripe.elements).map((x) => 2 * x);
        const { all, flat } = matrices(symmetric);
        const moments = (b: number) => copiesByHand[b]!.map((g, e) => (first[starts[b]! + e]! + g) / 2);
        let used = 0;
        const expected = byHand(({ lengths }, b) => {
          const x = lengths.reduce((x, _, k) => applied(lengths, k, all[used + k]!, x), moments(b));
          used += lengths.length;
          return x.map((value) => 2 * value);
        });
        const { directions, first: kept } = direct("shampooBlocks", flat, allMade, { first: [...first] });
        expect(directions).toStrictEqual(expected);
        expect(kept).toStrictEqual(hand.flatMap((_, b) => moments(b)));
      });

      test("shampooBlocks makes it as long as the grafted direction, which serves where a root is not there", () => {
        const { all, flat } = matrices(symmetric);
        const second = Array<number>(stripe.elements).fill(0);
        // Of the last block the last root has not been made.
        const made = allMade.map((t, k) => (k === allMade.length - 1 ? 0 : t));
        // v <- g^2, d <- 2 g / (|g| + 1)
        const grafted = copiesByHand.map((copy) => copy.map((g) => (2 * g) / (Math.abs(g) + 1)));
        const norm = (x: readonly number[]) => Math.hypot(...x);
        let used = 0;
        const expected = byHand(({ lengths }, b) => {
          const x = lengths.reduce((x, _, k) => applied(lengths, k, all[used + k]!, x), copiesByHand[b]!);
          used += lengths.length;
          if (b === hand.length - 1 || norm(x) === 0) return grafted[b]!;
          return x.map((value) => (value * norm(grafted[b]!)) / norm(x));
        });
        const { directions, second: kept } = direct("shampooBlocks", flat, made, { second, grafts: 1 });
        const relative = dtype === "f32" ? 1e-5 : 1e-13;
        directions.forEach((value, e) => {
          expect(Math.abs(value - expected[e]!), `element ${e}`).toBeLessThanOrEqual(relative * (1 + Math.abs(value)));
        });
        expect(kept).toStrictEqual(copiesByHand.flat().map((g) => g * g));
      });

      test("soapBlocks goes into the bases that are there, and back", () => {
        // Axes in another order with signs: products are exact.
        const { all, flat } = matrices((i, j, n) => (j === (i + 1) % n ? (-1) ** i : 0));
        const made = allMade.map((t, k) => (k === 0 ? 0 : t));
        const [first, second] = [draw(stripe.elements).map((x) => 2 * x), Array<number>(stripe.elements).fill(0)];
        const turned = (lengths: readonly number[], from: number, x: readonly number[], back: boolean) =>
          lengths.reduce<readonly number[]>((y, _, k) => {
            if (made[from + k] === 0) return y;
            return applied(lengths, k, back ? transposed(all[from + k]!) : all[from + k]!, y);
          }, x);
        let used = 0;
        const moments: number[] = [];
        const expected = byHand(({ lengths }, b) => {
          const there = turned(lengths, used, copiesByHand[b]!, false);
          const m = there.map((g, e) => (first[starts[b]! + e]! + g) / 2);
          moments.push(...m);
          const step = m.map((value, e) => {
            const [x, root] = [2 * value, Math.abs(there[e]!) + 1];
            return dtypes[dtype].array.of(x / root)[0]!;
          });
          const direction = turned(lengths, used, step, true);
          used += lengths.length;
          return direction;
        });
        const result = direct("soapBlocks", flat, made, { first: [...first], second });
        expect(result.directions.map((x) => x + 0)).toStrictEqual(expected.map((x) => x + 0));
        expect(result.first!.map((x) => x + 0)).toStrictEqual(moments.map((x) => x + 0));
      });

      test("no block, nothing is touched", () => {
        const { record, work } = begin();
        const G = stage.vector(gradients);
        const where = record(stripe);
        const at = G.pointer;
        stage.kernel("gatherBlocks")(0, where, at, at, at, 0.5, 0.5, work);
        stage.kernel("shampooBlocks")(0, where, at, at, at, at, at, at, 1, 0.5, 0.5, 0.5, 0.5, 1, 1, 1, work);
        stage.kernel("soapBlocks")(0, where, at, at, at, at, at, at, 0.5, 0.5, 0.5, 0.5, 1, 1, 1, work);
        expect(G.read()).toStrictEqual(gradients);
      });
    });
  });
});

test("parts are at most as long as blocks, as equal as may be, and together as long as the size", () => {
  for (let blockSize = 2; blockSize <= 70; blockSize++) {
    for (let size = 1; size <= 300; size++) {
      const parts = partsOf(size, blockSize);
      const unit = blockSize >= 16 ? 8 : 1;
      expect(parts.reduce((a, b) => a + b)).toBe(size);
      expect(Math.max(...parts)).toBeLessThanOrEqual(blockSize);
      expect(Math.min(...parts)).toBeGreaterThan(0);
      expect(parts[0]! - parts.at(-1)!).toBeLessThan(2 * unit);
    }
  }
});
