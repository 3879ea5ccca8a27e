import { QUAD, VECTOR, bytes, load as loadLanes, splat, store as storeLanes } from "../simd/lanes";
import { checkMatrix } from "./multiply";

/** Y <- factor X, rows x columns. */
export function scaleMatrix<T>(rows: i32, columns: i32, factor: T, x: usize, ldx: i32, y: usize, ldy: i32): void {
  checkMatrix<T>(rows, columns, x, ldx);
  checkMatrix<T>(rows, columns, y, ldy);
  const f = splat<T>(factor);
  for (; rows > 0; --rows, x += bytes<T>(ldx), y += bytes<T>(ldy)) {
    let p = x, q = y;
    const end = x + bytes<T>(columns), vectors = x + (bytes<T>(columns) & ~(VECTOR - 1));
    for (const lines = x + (bytes<T>(columns) & ~(QUAD - 1)); p < lines; p += QUAD, q += QUAD) {
      v128.store(q, v128.mul<T>(f, v128.load(p)));
      v128.store(q, v128.mul<T>(f, v128.load(p, VECTOR)), VECTOR);
      v128.store(q, v128.mul<T>(f, v128.load(p, 2 * VECTOR)), 2 * VECTOR);
      v128.store(q, v128.mul<T>(f, v128.load(p, 3 * VECTOR)), 3 * VECTOR);
    }
    for (; p < vectors; p += VECTOR, q += VECTOR) v128.store(q, v128.mul<T>(f, v128.load(p)));
    for (; p < end; p += sizeof<T>(), q += sizeof<T>()) storeLanes<T, T>(q, v128.mul<T>(f, loadLanes<T, T>(p)));
  }
}
