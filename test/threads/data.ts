import { csr } from "schuss/finite-sum";
import { normalNumbers } from "../memory/random.js";

export const ROWS = 600;
export const COLUMNS = 8;

const normal = normalNumbers(11);

/** Long enough to be put into shared memory. */
export const features = Float64Array.from({ length: ROWS * COLUMNS }, normal);
export const numbers = Float64Array.from({ length: ROWS }, (_, i) => 2 * features[i * COLUMNS]! + 0.3 * normal());
export const classes = Array.from(numbers, (y) => (y < -1 ? "low" : y < 1 ? "middle" : "top"));
export const signs = Array.from(numbers, (y) => (y > 0 ? 1 : -1));

export const sparse = csr({
  values: features,
  indices: Int32Array.from(features, (_, k) => k % COLUMNS),
  offsets: Int32Array.from({ length: ROWS + 1 }, (_, i) => i * COLUMNS),
  columns: COLUMNS,
});
