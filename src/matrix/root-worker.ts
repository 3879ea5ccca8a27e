import type { FloatArray } from "../memory/dtype.js";
import type { RootOptions } from "./roots.js";

/** Statistics of a side of a block, of which a root is wanted. */
export interface RootJob {
  /** Rows and columns. */
  readonly size: number;
  /** The lower triangle, row after row. */
  readonly statistics: FloatArray;
  readonly options: RootOptions;
}

/**
 * Makes roots elsewhere, while the old ones stay in use: a `RootThread` of `schuss/threads`, or whatever else resolves to the
 * root, row after row, to `"zero"` where the statistics are 0, to `"failed"`, or rejects, where there is none.
 */
export interface RootWorker {
  invertRoot(job: RootJob): Promise<FloatArray | "zero" | "failed">;
}
