import { CsrMatrix } from "./csr-matrix.js";
import type { Draw } from "./draws.js";
import type { SamplingName } from "./methods/index.js";
import type { LinearModel } from "./model.js";
import type { MultiModel } from "./multi-model.js";
import type { Oracle } from "./oracle.js";
import type { CheckedProblem } from "./problem.js";
import { blocks, filling, inOrder, mixed, permutation, type RandomBits, type Sampler, uniform } from "./sampling.js";

/** Rows of no more bytes stay in a cache near the core, where their order costs nothing. */
const NEAR = 2 ** 20;

/**
 * Neighbours in a block, and blocks that are open at a time. Passes of SAGA to a gradient of 1e-6 on a9a are 22 in permutations, 24 with
 * four blocks, 30 with two, 50 and more with one; with its rows sorted by label and margin 25 and 30 with four.
 */
const BLOCKS = { size: 32, open: 4 };

/**
 * The same where n is beyond the condition number, so that rows have little to do with one another. Passes of SDCA to a gap of 1e-8 on
 * SpamAssassin, sorted by label: 7.6 in permutations, 8.0 with these, 8.4 with blocks of 32.
 */
const EASY_BLOCKS = { size: 16, open: 1 };

/** The first of the samplings, but `"blocks"` for rows that no cache holds alone. */
export function standardOf(samplings: readonly SamplingName[], { features }: CheckedProblem): SamplingName {
  const { byteLength } = features instanceof CsrMatrix ? features.values : features;
  return samplings.find((name) => name !== "blocks" || byteLength > NEAR)!;
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
      const easy = model.smoothness <= model.rows * model.regularizer.leastL2;
      const { size, open } = easy ? EASY_BLOCKS : BLOCKS;
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
