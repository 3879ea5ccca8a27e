/** Matrices of one size, one behind the other, that a tensor consists of. */
export interface Matrix {
  readonly matrices: number;
  readonly rows: number;
  readonly columns: number;
}

/** The last two sizes as those of matrices; undefined for vectors and numbers. */
export function lastTwo(sizes: readonly number[]): Matrix | undefined {
  if (sizes.length < 2) return undefined;
  const [rows, columns] = sizes.slice(-2) as [number, number];
  return { matrices: sizes.slice(0, -2).reduce((product, size) => product * size, 1), rows, columns };
}

/** The last size as the columns of one matrix, and rows of all the others together; undefined for vectors and numbers. */
export function lastOne(sizes: readonly number[]): Matrix | undefined {
  if (sizes.length < 2) return undefined;
  return { matrices: 1, rows: sizes.slice(0, -1).reduce((product, size) => product * size, 1), columns: sizes.at(-1)! };
}

/** As many elements as a row slot has for a tensor: one a row, or one an element of a vector. */
export function rowSlotLength(sizes: readonly number[], matrix: Matrix | undefined): number {
  return matrix === undefined ? sizes.reduce((product, size) => product * size, 1) : matrix.matrices * matrix.rows;
}

/** The same for a column slot: one a column, none for a vector. */
export function columnSlotLength(matrix: Matrix | undefined): number {
  return matrix === undefined ? 0 : matrix.matrices * matrix.columns;
}
