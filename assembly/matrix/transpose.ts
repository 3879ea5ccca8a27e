// Transposes in registers, in blocks of a cache line by a vector: lines are then written whole, while they are in cache.

import { QUAD, VECTOR } from "../simd/lanes";

/** A square of whole vectors (4 x 4 in f32, 2 x 2 in f64), its rows `fromRow` and `toRow` bytes apart. May be in place. */
// @ts-ignore: decorator
@inline
function transposeSquare<T>(from: usize, fromRow: usize, to: usize, toRow: usize): void {
  const r0 = v128.load(from), r1 = v128.load(from + fromRow);
  if (sizeof<T>() == sizeof<f64>()) {
    v128.store(to, v128.shuffle<f64>(r0, r1, 0, 2));
    v128.store(to + toRow, v128.shuffle<f64>(r0, r1, 1, 3));
  } else {
    const r2 = v128.load(from + 2 * fromRow), r3 = v128.load(from + 3 * fromRow);
    const low01 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5), high01 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
    const low23 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5), high23 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
    v128.store(to, v128.shuffle<f64>(low01, low23, 0, 2));
    v128.store(to + toRow, v128.shuffle<f64>(low01, low23, 1, 3));
    v128.store(to + 2 * toRow, v128.shuffle<f64>(high01, high23, 0, 2));
    v128.store(to + 3 * toRow, v128.shuffle<f64>(high01, high23, 1, 3));
  }
}

/** T[rows][columns] at `from` to T[columns][rows] at `to`; rows `fromRow` and `toRow` bytes apart. Not in place. */
export function transpose<T>(rows: i32, columns: i32, from: usize, fromRow: usize, to: usize, toRow: usize): void {
  const lanes = <i32>(VECTOR / sizeof<T>()), line = <i32>(QUAD / sizeof<T>());
  const wholeRows = rows & -lanes, wholeColumns = columns & -lanes;
  for (let first = 0; first < wholeRows; first += line) {
    const end = min(first + line, wholeRows);
    for (let j = 0; j < wholeColumns; j += lanes) {
      for (let i = first; i < end; i += lanes) {
        transposeSquare<T>(
          from + <usize>i * fromRow + <usize>j * sizeof<T>(), fromRow, to + <usize>j * toRow + <usize>i * sizeof<T>(), toRow,
        );
      }
    }
  }
  for (let i = 0; i < rows; i++) {
    const row = from + <usize>i * fromRow, column = to + <usize>i * sizeof<T>();
    for (let j = i < wholeRows ? wholeColumns : 0; j < columns; j++) {
      store<T>(column + <usize>j * toRow, load<T>(row + <usize>j * sizeof<T>()));
    }
  }
}
