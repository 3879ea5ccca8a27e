import { checkInteger, checkNames, given } from "../check.js";
import { dtypeOf, type FloatArray } from "../memory/dtype.js";

/** The parts of a sparse matrix in compressed rows: SciPy's `data`, `indices`, `indptr` and the second of `shape`. */
export interface CsrParts {
  /** The stored entries, row after row. */
  readonly values: FloatArray;
  /** The column of each entry. */
  readonly indices: ArrayLike<number>;
  /** Where each row begins among the entries, and at last their count: one more than there are rows. */
  readonly offsets: ArrayLike<number>;
  /** How many columns there are. */
  readonly columns: number;
}

/** A matrix in compressed sparse rows, checked once. Made by `csr`. */
export class CsrMatrix {
  /** The stored entries, row after row. */
  readonly values: FloatArray;
  /** The column of each entry. */
  readonly indices: Int32Array;
  /** Where each row begins among the entries, and at last their count. */
  readonly offsets: Int32Array;
  readonly rows: number;
  readonly columns: number;

  constructor(parts: CsrParts) {
    const where = "csr";
    if (typeof parts !== "object" || parts === null) {
      throw new TypeError(`${where}: values, indices, offsets and columns must come in an object, got ${given(parts)}`);
    }
    checkNames(where, "part", parts, ["values", "indices", "offsets", "columns"]);
    const { values, indices, offsets, columns } = parts;
    if (dtypeOf(values) === undefined) {
      throw new TypeError(`${where}: values must be a Float32Array or a Float64Array, got ${given(values)}`);
    }
    checkInteger(where, "columns", columns, 1, 2 ** 31 - 1);
    if (indices?.length !== values.length) {
      throw new RangeError(
        `${where}: indices must have ${values.length} elements as values has, got ${indices?.length}`,
      );
    }
    if (!(offsets?.length >= 1))
      throw new RangeError(`${where}: offsets must have one element more than there are rows`);
    checkOffsets(where, offsets, values.length);
    // Of each column, the last row that has it, counted from 1.
    const lastRow = new Int32Array(columns);
    for (let k = 0, row = 0; k < values.length; k++) {
      while (offsets[row + 1]! <= k) row++;
      const column = indices[k]!;
      if (!Number.isInteger(column) || column < 0 || column >= columns) {
        throw new RangeError(`${where}: indices[${k}] must be an integer in [0, ${columns - 1}], got ${column}`);
      }
      if (!Number.isFinite(values[k])) {
        throw new RangeError(`${where}: the value in row ${row}, column ${column} is ${values[k]}`);
      }
      if (lastRow[column] === row + 1) throw new RangeError(`${where}: row ${row} has column ${column} twice`);
      lastRow[column] = row + 1;
    }
    this.values = values;
    this.indices = Int32Array.from(indices);
    this.offsets = Int32Array.from(offsets);
    this.rows = offsets.length - 1;
    this.columns = columns;
  }

  /** A matrix of the parts of another, or of some of its rows, which need no checks. @internal */
  static checked(parts: Pick<CsrMatrix, "values" | "indices" | "offsets" | "rows" | "columns">): CsrMatrix {
    const { values, indices, offsets, rows, columns } = parts;
    return Object.assign(Object.create(CsrMatrix.prototype), { values, indices, offsets, rows, columns });
  }
}

function checkOffsets(where: string, offsets: ArrayLike<number>, stored: number): void {
  for (let i = 0; i < offsets.length; i++) checkInteger(where, `offsets[${i}]`, offsets[i], 0, 2 ** 31 - 1);
  if (offsets[0] !== 0) throw new RangeError(`${where}: offsets[0] must be 0, got ${offsets[0]}`);
  for (let i = 1; i < offsets.length; i++) {
    if (offsets[i]! < offsets[i - 1]!) {
      throw new RangeError(
        `${where}: offsets must not fall, but go from ${offsets[i - 1]} to ${offsets[i]} at row ${i - 1}`,
      );
    }
  }
  const last = offsets[offsets.length - 1];
  if (last !== stored)
    throw new RangeError(`${where}: the last offset must be the ${stored} stored values, got ${last}`);
}

/**
 * A sparse matrix in compressed rows: row i holds the entries offsets[i] to offsets[i + 1] - 1, entry k is the number
 * values[k] in column indices[k]. The columns of a row come in any order, each once.
 *
 * @param parts `values`, a Float32Array or Float64Array, in whose precision is computed; `indices`, as many, each in [0, columns - 1];
 *   `offsets`, one more than there are rows, from 0 up to the number of values; `columns`, >= 1
 * @returns the matrix; the values are not copied, the indices are
 * @throws TypeError for values that are no floats; RangeError for indices out of range, offsets that fall, lengths that
 *   don't match, a column twice in a row, or values that are not finite, saying where
 *
 * @example
 * // [[1, 0, 2], [0, 0, 3]]
 * csr({ values: new Float64Array([1, 2, 3]), indices: [0, 2, 2], offsets: [0, 2, 3], columns: 3 });
 */
export function csr(parts: CsrParts): CsrMatrix {
  return new CsrMatrix(parts);
}
