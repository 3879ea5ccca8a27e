export function median(values) {
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** How many times faster `ours` is than `theirs`: each round is compared with itself, since the machine drifts. */
export function speedup(ours, theirs) {
  return median(theirs.map((time, round) => time / ours[round]));
}

export function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
