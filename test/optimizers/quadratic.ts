/** f(w) = sum_i stiffness_i (w_i - center_i)^2 / 2, least at the center, in as many dimensions as are asked for. */
export const stiffness = (i: number) => 0.1 + 0.9 / (1 + (i % 7));
export const center = (i: number) => Math.sin(1 + i);

/** Writes the gradient of f, times a factor, in float64 or float32 as the arrays are. */
export function writeGradient(w: ArrayLike<number>, gradient: { [i: number]: number }, factor = 1, from = 0): void {
  for (let i = 0; i < w.length; i++) gradient[i] = factor * stiffness(from + i) * (w[i]! - center(from + i));
}
