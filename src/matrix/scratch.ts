import { type MatrixKernels, matrix } from "../engine/families/matrix.js";
import { dtypes } from "../memory/dtype.js";
import type { Allocation } from "../memory/engine.js";
import type { ParameterSet } from "../memory/parameters.js";
import { wholeLines } from "./tensors.js";

/** Memory that holds nothing from one call to the next: a vector, and what kernels ask for. */
export class Scratch {
  readonly #block: Allocation;
  /** Where the vector begins. */
  readonly vector: number;
  /** Where kernels work. */
  readonly work: number;

  /**
   * @param length elements of the vector
   * @param needs the bytes that the kernels to be called ask for: the greatest number counts
   */
  constructor(set: ParameterSet, length: number, needs: (kernels: MatrixKernels) => readonly number[]) {
    const { engine, dtype } = set;
    const vector = wholeLines(length * dtypes[dtype].bytes);
    this.#block = engine.allocate(this, vector + Math.max(0, ...needs(engine.family(matrix))));
    this.vector = this.#block.pointer;
    this.work = this.vector + vector;
  }

  dispose(): void {
    this.#block.dispose();
  }
}
