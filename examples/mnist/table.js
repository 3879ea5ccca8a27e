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

export const COLUMNS = ["method", "by", "passes", "seconds", "objective", "test accuracy", "times faster"];

/** Where the columns with numbers begin. */
export const FIRST_NUMBER = 2;

/** The rows of the table, as text: two for each comparison. */
export function rowsOf(/** @type {Comparison[]} */ comparisons) {
  return comparisons.flatMap(({ method, passes, schuss, twin }) => {
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
}

/** The table for a terminal. */
export function tableOf(/** @type {Comparison[]} */ comparisons) {
  const table = new Table({
    head: COLUMNS,
    colAligns: COLUMNS.map((_, k) => (k < FIRST_NUMBER ? "left" : "right")),
    style: { head: [], border: [], compact: true },
  });
  table.push(...rowsOf(comparisons));
  return table.toString();
}
