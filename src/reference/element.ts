/** Anything with a buffer to read: a `WebAssembly.Memory`, or a plain object around an `ArrayBuffer`. */
export interface LinearMemory {
  readonly buffer: ArrayBufferLike;
}

export type FloatArray = Float32Array | Float64Array;

/** An element type: how wide it is, how it rounds, how memory is read as an array of it. */
export interface Element {
  readonly bytes: 4 | 8;
  /** Rounds a result of f64 arithmetic. For +, -, *, / and the root of f32 operands this is the correctly rounded f32. */
  round(x: number): number;
  view(memory: LinearMemory, pointer: number, n: number): FloatArray;
}

export const f32: Element = {
  bytes: 4,
  round: Math.fround,
  view: (memory, pointer, n) => new Float32Array(memory.buffer, pointer, n),
};

export const f64: Element = {
  bytes: 8,
  round: (x) => x,
  view: (memory, pointer, n) => new Float64Array(memory.buffer, pointer, n),
};
