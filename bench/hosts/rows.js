/**
 * What one of the programs here has measured.
 * @typedef {object} Row
 * @property {string} host its name and version
 * @property {string} what
 * @property {readonly [theirs: number, ours: number]} milliseconds
 * @property {number} [bar] how many times as fast ours is to be
 * @property {string} [note]
 */

const digits = (x) => Number(x.toPrecision(3));

/** @param {readonly Row[]} rows */
export function tableOf(rows) {
  const lines = rows.map(({ host, what, milliseconds: [theirs, ours], bar, note }) => {
    const cells = [host, what, digits(theirs), digits(ours), digits(theirs / ours), bar ?? "", note ?? ""];
    return `| ${cells.join(" | ")} |`;
  });
  return ["| host | what | host, ms | schuss, ms | × | bar | |", "|---|---|--:|--:|--:|--:|---|", ...lines].join("\n");
}

/**
 * Hands rows to the program that makes one table of all, or prints them.
 * @param {readonly Row[]} rows
 */
export function report(...rows) {
  if (process.send) for (const row of rows) process.send(row);
  else console.log(tableOf(rows));
}
