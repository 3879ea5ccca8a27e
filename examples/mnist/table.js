import Table from "cli-table3";

/**
 * A method run by schuss and by its twin.
 * @typedef {object} Comparison
 * @property {string} method
 * @property {number} passes
 * @property {Run} schuss
 * @property {Run} twin
 */

/** @typedef {{ seconds: number, objective: number, accuracy: number }} Run */

export const NAMES = { schuss: "schuss", twin: "plain JavaScript" };

/**
 * @typedef {object} TextTable
 * @property {string[]} columns
 * @property {number} firstNumber where the columns with numbers begin
 * @property {string[][]} rows
 */

const COLUMNS = ["method", "by", "passes", "seconds", "objective", "test accuracy", "times faster"];

/**
 * Two rows for each comparison.
 * @param {Comparison[]} comparisons
 * @returns {TextTable}
 */
export function tableOf(comparisons) {
  const rows = comparisons.flatMap(({ method, passes, schuss, twin }) => {
    const row = (/** @type {string} */ by, /** @type {Run} */ { seconds, objective, accuracy }) => [
      method,
      by,
      `${passes}`,
      seconds < 1 ? seconds.toFixed(3) : seconds.toFixed(2),
      objective.toFixed(9),
      `${(100 * accuracy).toFixed(2)} %`,
      (twin.seconds / seconds).toFixed(2),
    ];
    return [row(NAMES.schuss, schuss), row(NAMES.twin, twin)];
  });
  return { columns: COLUMNS, firstNumber: 2, rows };
}

/** A table for a terminal. */
export function print(/** @type {TextTable} */ { columns, firstNumber, rows }) {
  const table = new Table({
    head: columns,
    colAligns: columns.map((_, k) => (k < firstNumber ? "left" : "right")),
    style: { head: [], border: [], compact: true },
  });
  table.push(...rows);
  return table.toString();
}
