export type Dtype = "float32" | "float64";

export type FloatArray = Float32Array | Float64Array;

/** The typed array of a dtype. */
export type ArrayOf<D extends Dtype> = D extends "float32" ? Float32Array : Float64Array;

interface DtypeInfo {
  readonly bytes: 4 | 8;
  readonly suffix: "f32" | "f64";
  readonly array: Float32ArrayConstructor | Float64ArrayConstructor;
}

export const dtypes: Record<Dtype, DtypeInfo> = {
  float32: { bytes: 4, suffix: "f32", array: Float32Array },
  float64: { bytes: 8, suffix: "f64", array: Float64Array },
};

/** The dtype of a typed array of floats, undefined for anything else. Works across realms. */
export function dtypeOf(value: unknown): Dtype | undefined {
  if (value instanceof Float32Array) return "float32";
  if (value instanceof Float64Array) return "float64";
  const tag = Object.prototype.toString.call(value);
  if (tag === "[object Float32Array]") return "float32";
  if (tag === "[object Float64Array]") return "float64";
  return undefined;
}

/** Names of the kernels of a table, without their element type. */
export type KernelName<Table> = keyof Table extends infer Name ? (Name extends `${infer F}_f32` ? F : never) : never;

/** The kernel of a name for a dtype, from the table of any family. */
export function typed<F extends string, Table extends Record<`${F}_${"f32" | "f64"}`, unknown>>(
  kernels: Table,
  name: F,
  dtype: Dtype,
): Table[`${F}_f32`] {
  return kernels[`${name}_${dtypes[dtype].suffix}`] as Table[`${F}_f32`];
}
