// What a step does besides its rule. The layout is drawn in assembly/update/options.ts.

import type { LinearMemory } from "../element.js";

export const TENSOR_BYTES = 64;

/** How one tensor is treated: the factors are those of the step and of the tensor's record multiplied. */
export interface Tensor {
  readonly length: number;
  readonly gradientScale: number;
  readonly l2: number;
  readonly shrink: number;
  readonly rate: number;
  /** As assembly/update/matrix.ts has it: no rows, a vector. */
  readonly rows: number;
  readonly columns: number;
  readonly matrices: number;
  readonly rowSlots: number;
  readonly columnSlots: number;
}

export interface PassOptions {
  readonly clipValue: number;
  readonly box: number;
  readonly averageWeight: number;
  /** 0: none are kept. */
  readonly averages: number;
  readonly clear: boolean;
  readonly tensors: readonly Tensor[];
}

/** What a pass over n elements does besides its rule where `options` is 0: nothing. */
function noOptions(n: number): PassOptions {
  const whole = { length: n, gradientScale: 1, l2: 0, shrink: 0, rate: 1, ...vector(n) };
  return {
    clipValue: Number.POSITIVE_INFINITY,
    box: Number.POSITIVE_INFINITY,
    averageWeight: 0,
    averages: 0,
    clear: false,
    tensors: [whole],
  };
}

const vector = (n: number) => ({ rows: 0, columns: n, matrices: 1, rowSlots: 0, columnSlots: 0 });

/** Reads the record at `options` for a pass over n elements. */
export function readOptions(memory: LinearMemory, options: number, n: number): PassOptions {
  if (options === 0) return noOptions(n);
  const view = new DataView(memory.buffer as ArrayBuffer);
  const real = (pointer: number, byte: number) => view.getFloat64(pointer + byte, true);
  const integer = (pointer: number, byte: number) => view.getUint32(pointer + byte, true);
  const whole: Tensor = {
    length: n,
    gradientScale: real(options, 0),
    l2: real(options, 16),
    shrink: real(options, 24),
    rate: 1,
    ...vector(n),
  };
  const tensors: Tensor[] = [];
  let table = integer(options, 48);
  if (table === 0) tensors.push(whole);
  else {
    for (let done = 0; done < n; done += tensors.at(-1)!.length) {
      tensors.push({
        length: integer(table, 0),
        gradientScale: whole.gradientScale * real(table, 8),
        l2: whole.l2 * real(table, 16),
        shrink: whole.shrink * real(table, 24),
        rate: real(table, 32),
        rows: integer(table, 40),
        columns: integer(table, 44),
        matrices: integer(table, 48),
        rowSlots: integer(table, 52),
        columnSlots: integer(table, 56),
      });
      table += TENSOR_BYTES;
    }
  }
  return {
    clipValue: real(options, 8),
    box: real(options, 56),
    averageWeight: real(options, 32),
    averages: integer(options, 40),
    clear: integer(options, 44) !== 0,
    tensors,
  };
}
