// Operands brought into the order in which the tiles read them.

import { PAIR, VECTOR } from "../simd/lanes";
import { columns } from "./tile";
import { transpose } from "./transpose";

/**
 * T[k][n] at `from`, its rows `fromRow` bytes apart, to panels of a tile's columns at `to`: T[k][columns] each, one after
 * the other, the last filled up with zeros.
 */
export function packPanels<T>(k: i32, n: i32, from: usize, fromRow: usize, to: usize): void {
  const whole = n / columns<T>();
  for (let panel = 0; panel < whole; panel++) {
    let row = from + <usize>panel * PAIR;
    const end = to + <usize>k * PAIR;
    if (to < end) do {
      v128.store(to, v128.load(row));
      v128.store(to, v128.load(row, VECTOR), VECTOR);
      row += fromRow;
      to += PAIR;
    } while (to < end);
  }
  const rest = <usize>(n % columns<T>()) * sizeof<T>();
  if (rest == 0) return;
  from += <usize>whole * PAIR;
  for (let p = 0; p < k; p++, from += fromRow, to += PAIR) {
    for (let at: usize = 0; at < PAIR; at += sizeof<T>()) store<T>(to + at, at < rest ? load<T>(from + at) : <T>0);
  }
}

/** The same of T[n][k]: the transpose. */
export function packTransposedPanels<T>(k: i32, n: i32, from: usize, fromRow: usize, to: usize): void {
  for (let j = 0; j < n; j += columns<T>()) {
    const count = min(columns<T>(), n - j);
    if (count < columns<T>()) memory.fill(to, 0, <usize>k * PAIR);
    transpose<T>(count, k, from + <usize>j * fromRow, fromRow, to, PAIR);
    to += <usize>k * PAIR;
  }
}
