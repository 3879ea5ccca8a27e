import { CsrMatrix } from "./csr-matrix.js";
import type { Draw } from "./draws.js";
import type { SamplingName } from "./methods/index.js";
import type { LinearModel } from "./model.js";
import type { MultiModel } from "./multi-model.js";
import type { Oracle } from "./oracle.js";
import { blocks, filling, inOrder, mixed, permutation, type RandomBits, type Sampler, uniform } from "./sampling.js";

/** Rows of no more bytes stay in a cache near the core, where their order costs nothing. */
const NEAR = 2 ** 20;

/**
 * Neighbours in a block, and blocks that are open at a time. Passes of SAGA to a gradient of 1e-6 on a9a are 23 in permutations, 24 with
 * eight blocks, 30 with two, 50 and more with one; with its rows sorted by label and margin 25 and 26 with eight, and with the
 * squared loss 12 and 22.
 */
const BLOCKS = { size: 32, open: 8 };

/**
 * The same where n is beyond the condition number, so that rows have little to do with one another. Passes of SDCA to a gap of 1e-8 on
 * SpamAssassin, sorted by label: 7.6 in permutations, 8.0 with these, 8.4 with blocks of 32.
 */
const EASY_BLOCKS = { size: 16, open: 1 };

/** Whether n is beyond the condition number. */
const isEasy = ({ smoothness, rows, regularizer }: Oracle) => smoothness <= rows * regularizer.leastL2;

/**
 * The first of the samplings, but `"blocks"` only for easy problems whose rows no cache holds. Elsewhere what is won by a pass may
 * be lost in passes: of SDCA with the hinge loss 16 and 52 on w8a.
 */
export function standardOf(samplings: readonly SamplingName[], model: Oracle): SamplingName {
  const { features } = model.problem;
  const { byteLength } = features instanceof CsrMatrix ? features.values : features;
  return samplings.find((name) => name !== "blocks" || (byteLength > NEAR && isEasy(model)))!;
}

/** How rows are drawn by a name, or by a sampler of the caller's. */
export function drawOf(where: string, sampling: SamplingName | Sampler, model: Oracle, bits: RandomBits): Draw {
  if (typeof sampling === "function") return { sampler: filling(where, sampling), blocks: 0, foreign: true };
  switch (sampling) {
    case "uniform":
      return { sampler: uniform(bits), blocks: 0 };
    case "permuted":
      return { sampler: permutation(bits), blocks: 0 };
    case "inOrder":
      return { sampler: inOrder, blocks: 1 };
    case "blocks": {
      const { size, open } = isEasy(model) ? EASY_BLOCKS : BLOCKS;
      return { sampler: blocks(bits, size, open), blocks: open };
    }
    case "lipschitz": {
      const { loss, intercept } = model.problem;
      const { greatestL2 } = model.regularizer;
      const own = (norm: number) => loss.curvature * (norm + (intercept ? 1 : 0)) + greatestL2;
      return { ...mixed(bits, (model as LinearModel | MultiModel).squaredNorms!.map(own)), blocks: 0 };
    }
  }
}
