import { CsrMatrix } from "./csr-matrix.js";
import type { Draw } from "./draws.js";
import type { SamplingName } from "./methods/index.js";
import type { LinearModel } from "./model.js";
import type { MultiModel } from "./multi-model.js";
import type { Oracle } from "./oracle.js";
import { meanOverlap } from "./overlap.js";
import { blocks, filling, inOrder, mixed, permutation, type RandomBits, type Sampler, uniform } from "./sampling.js";

/** Values of no more bytes stay in a cache near the core, where their order costs little. */
const NEAR = 2 ** 20;

/**
 * Rows of a block, and blocks that are open at a time. Passes of SAGA to a gradient of 1e-6 on a9a are 23 in permutations, 24 with eight
 * blocks, 30 with two, 50 and more with one; with its rows sorted by label and margin 25 and 26 with eight, and with the
 * squared loss 12 and 22.
 */
const BLOCKS = { size: 32, open: 8 };

/** The same for rows that have little to do with one another. */
const APART_BLOCKS = { size: 16, open: 1 };

/** How many blocks there must be to each that is open: fewer are no draws. */
const FEWEST = 16;

/**
 * Up to this much of a row's own part of the objective, l2 n, neighbours pull at each other: then a block is as good as rows from
 * anywhere. Passes of SDCA to a gradient of 1e-6, in permutations and in blocks: SpamAssassin, at 0.027, 9.0 and 9.7; a9a, at 0.05,
 * 9.0 and 13.7, and at 0.015 9.3 and 9.3; w8a, at 0.035, 9.0 and 17.7, and at 0.01 10.0 and 10.3.
 */
const LITTLE = 0.03;

/** Whether rows that lie side by side have little to do with one another. */
function areApart({ problem, rows, regularizer }: Oracle): boolean {
  const { features, loss, scaleColumns } = problem;
  const { size, open } = APART_BLOCKS;
  if (!(features instanceof CsrMatrix) || scaleColumns || rows < FEWEST * size * open) return false;
  return loss.curvature * meanOverlap(features, size) <= LITTLE * rows * regularizer.leastL2;
}

/** The first of the samplings, but `"blocks"` only for rows that no cache holds and that have little to do with one another. */
export function standardOf(samplings: readonly SamplingName[], model: Oracle): SamplingName {
  const { features } = model.problem;
  const large = features instanceof CsrMatrix && features.values.byteLength > NEAR;
  return samplings.find((name) => name !== "blocks" || (large && areApart(model)))!;
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
      const { size, open } = areApart(model) ? APART_BLOCKS : BLOCKS;
      if (model.rows < FEWEST * size * open) return { sampler: permutation(bits), blocks: 0 };
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
