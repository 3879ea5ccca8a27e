export function dot(x: ArrayLike<number>, y: ArrayLike<number>): number {
  let sum = 0;
  for (let k = 0; k < x.length; k++) sum += x[k]! * y[k]!;
  return sum;
}

export const squaredNorm = (x: ArrayLike<number>): number => dot(x, x);

export const norm = (x: ArrayLike<number>): number => Math.sqrt(dot(x, x));

export function difference(x: Float64Array, y: Float64Array): Float64Array {
  const z = new Float64Array(x.length);
  for (let k = 0; k < z.length; k++) z[k] = x[k]! - y[k]!;
  return z;
}

/** x + factor y */
export function sumOf(x: Float64Array, factor: number, y: Float64Array): Float64Array {
  const z = new Float64Array(x.length);
  for (let k = 0; k < z.length; k++) z[k] = x[k]! + factor * y[k]!;
  return z;
}

/** y <- y + factor x */
export function addTo(y: Float64Array, factor: number, x: Float64Array): void {
  for (let k = 0; k < y.length; k++) y[k]! += factor * x[k]!;
}
