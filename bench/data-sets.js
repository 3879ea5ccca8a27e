import { csr } from "schuss/finite-sum";
import { gaussianFrom, uniformFrom } from "./random.js";

/** Labels -1 and 1 from the logistic model with these margins. */
function draw(margins, seed) {
  const uniform = uniformFrom(seed);
  return Float64Array.from(margins, (margin) => (uniform() < 1 / (1 + Math.exp(-margin)) ? 1 : -1));
}

/** Gaussian rows whose columns have scales from 1 down to 0.1, and labels from a noisy linear model. */
export function denseSet(rows, columns) {
  const gaussian = gaussianFrom(1);
  const truth = Float64Array.from({ length: columns }, gaussian);
  const features = new Float64Array(rows * columns);
  const margins = new Float64Array(rows);
  for (let i = 0, k = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++, k++) {
      features[k] = gaussian() * (1 - (0.9 * j) / (columns - 1));
      margins[i] += (features[k] * truth[j]) / 2;
    }
  }
  return { rows, columns, features, labels: draw(margins, 2) };
}

/** Text-like rows: distinct columns of which the j-th is as popular as 1 / (j + 10), positive values, rows of norm 1. */
export function sparseSet(rows, columns, perRow) {
  const uniform = uniformFrom(3);
  const gaussian = gaussianFrom(4);
  const truth = Float64Array.from({ length: columns }, () => 8 * gaussian());
  const indices = new Int32Array(rows * perRow);
  const values = new Float64Array(rows * perRow);
  const margins = new Float64Array(rows);
  const chosen = new Set();
  for (let i = 0; i < rows; i++) {
    chosen.clear();
    while (chosen.size < perRow) chosen.add(Math.floor(10 * (columns / 10 + 1) ** uniform() - 10));
    const row = indices.subarray(i * perRow, (i + 1) * perRow);
    row.set([...chosen]);
    row.sort();
    const numbers = values.subarray(i * perRow, (i + 1) * perRow);
    for (let k = 0; k < perRow; k++) numbers[k] = 0.1 - Math.log(1 - uniform());
    const norm = Math.hypot(...numbers);
    for (let k = 0; k < perRow; k++) {
      numbers[k] /= norm;
      margins[i] += numbers[k] * truth[row[k]];
    }
  }
  const offsets = Int32Array.from({ length: rows + 1 }, (_, i) => i * perRow);
  return { rows, columns, features: csr({ values, indices, offsets, columns }), labels: draw(margins, 5) };
}

/** The same set in another element type. */
export function inType(set, array) {
  const { features } = set;
  if (features.offsets === undefined) return { ...set, features: array.from(features) };
  const { indices, offsets, columns } = features;
  return { ...set, features: csr({ values: array.from(features.values), indices, offsets, columns }) };
}
