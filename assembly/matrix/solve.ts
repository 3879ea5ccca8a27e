// Triangular systems, as exported: ./triangular.ts.

import { solveScratch, solveTriangular } from "./triangular";

export function solveTriangularScratch_f32(n: i32, columns: i32): i32 {
  return solveScratch<f32>(n, columns);
}
export function solveTriangularScratch_f64(n: i32, columns: i32): i32 {
  return solveScratch<f64>(n, columns);
}
export function solveTriangular_f32(
  upper: i32, transposed: i32, n: i32, columns: i32, t: usize, ldt: i32, b: usize, ldb: i32, scratch: usize,
): void {
  solveTriangular<f32>(upper != 0, transposed != 0, n, columns, t, ldt, b, ldb, scratch);
}
export function solveTriangular_f64(
  upper: i32, transposed: i32, n: i32, columns: i32, t: usize, ldt: i32, b: usize, ldb: i32, scratch: usize,
): void {
  solveTriangular<f64>(upper != 0, transposed != 0, n, columns, t, ldt, b, ldb, scratch);
}
