import type { FloatArray } from "../memory/dtype.js";
import type { SolverName } from "./methods/index.js";
import type { PaceState } from "./pace.js";

/**
 * What a run has come to, for another to take as `start`, under another penalty too. `sag`, `saga`, `svrg`, `sdca` and `finito`
 * go on under the same problem and options as if there had been no break, to the bit; the others begin anew from the weights.
 * `structuredClone` copies it.
 */
export interface SolverState {
  readonly format: "schuss finite-sum state";
  readonly version: 1;
  readonly method: SolverName;
  readonly rows: number;
  readonly columns: number;
  readonly outputs: number;
  /** Passes that have been drawn, in all runs together. */
  readonly passes: number;
  /** The weights that the method works on, of columns as it has scaled them. */
  readonly weights: Float64Array;
  readonly intercepts: Float64Array;
  /** The table, one number a row, its sum of gradients and the number of rows in it; methods without one have none. */
  readonly table?: {
    readonly residuals: FloatArray;
    readonly sums: Float64Array;
    readonly interceptSum: number;
    readonly seen: number;
  };
  /** The generator of the draws. */
  readonly random: readonly number[];
  /** Whether the means of the columns have been taken off them, which is in the intercept then. */
  readonly centred?: true;
  /** What the steps of the next pass go by. */
  readonly pace?: PaceState;
}

export function isState(value: unknown): value is SolverState {
  return (value as SolverState | undefined)?.format === "schuss finite-sum state";
}

/** @throws RangeError for a state of another shape or version */
export function checkState(
  where: string,
  state: SolverState,
  shape: { rows: number; columns: number; outputs: number },
) {
  if (state.version !== 1) throw new RangeError(`${where}: the state is of version ${state.version}, and 1 is known`);
  for (const name of ["rows", "columns", "outputs"] as const) {
    if (state[name] !== shape[name]) {
      throw new RangeError(`${where}: the state has ${state[name]} ${name}, the problem ${shape[name]}`);
    }
  }
}
