// Where the numbers of the state lie that the kernels keep beside the columns: assembly/finite-sum/state.ts.

export const STATE_BYTES = 64;

/** Places of f64. */
export const INTERCEPT = 0;
export const INTERCEPT_GRADIENT = 1;
export const SEEN = 2;
export const SCALE = 3;
