// The report: one page without scripts or other files.

import { drawChart } from "./charts.js";

/**
 * @typedef {object} Report
 * @property {string} circumstances machine, engine, date
 * @property {string[]} setup what was computed
 * @property {TextTable} table the comparisons
 * @property {string[]} notes
 * @property {Section[]} sections
 */

/** @typedef {import("./table.js").TextTable} TextTable */

/**
 * @typedef {object} Section
 * @property {string} title
 * @property {string} [text]
 * @property {TextTable} [table]
 * @property {import("./charts.js").Chart[]} charts
 */

const STYLE = `
  :root { color-scheme: light dark; --ink: #222; --faint: #ddd; --paper: #fff; --schuss: #0969da; --twin: #d1570a;
    --curve-0: #0969da; --curve-1: #d1570a; --curve-2: #1a7f37; --curve-3: #cf222e; --curve-4: #8250df;
    --curve-5: #9a6700; --curve-6: #d6409f; --curve-7: #57606a; }
  @media (prefers-color-scheme: dark) {
    :root { --ink: #ddd; --faint: #3a3f46; --paper: #15181c; --schuss: #58a6ff; --twin: #f0883e;
      --curve-0: #58a6ff; --curve-1: #f0883e; --curve-2: #3fb950; --curve-3: #ff7b72; --curve-4: #bc8cff;
      --curve-5: #d29922; --curve-6: #f778ba; --curve-7: #9da7b3; }
  }
  body { margin: 2rem auto; max-width: 74rem; padding: 0 1rem; font: 1rem/1.5 system-ui, sans-serif;
    color: var(--ink); background: var(--paper); }
  h1, h2 { line-height: 1.2; }
  .wide { overflow-x: auto; }
  table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
  th, td { padding: 0.25rem 0.9rem; text-align: left; white-space: nowrap; border-bottom: 1px solid var(--faint); }
  .number { text-align: right; }
  .charts { display: flex; flex-wrap: wrap; gap: 1rem; }
  figure { margin: 0; flex: 0 1 35rem; }
  figcaption { font-weight: 600; }
  svg { max-width: 100%; height: auto; }
`;

export function reportOf(/** @type {Report} */ { circumstances, setup, table, notes, sections }) {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>schuss on MNIST</title>
<style>${STYLE}</style>
</head>
<body>
<h1>schuss and plain JavaScript on MNIST</h1>
<p>${setup.map(text).join("<br>\n")}</p>
<p>${text(circumstances)}</p>
${drawTable(table)}
${notes.map((note) => `<p>${text(note)}</p>`).join("\n")}
${sections.map(section).join("\n")}
</body>
</html>
`;
}

function drawTable(/** @type {TextTable} */ { columns, firstNumber, rows }) {
  const cells = (/** @type {"th" | "td"} */ tag, /** @type {string[]} */ contents) => {
    const cell = (/** @type {string} */ content, /** @type {number} */ k) =>
      `<${tag}${k < firstNumber ? "" : ' class="number"'}>${text(content)}</${tag}>`;
    return `<tr>${contents.map(cell).join("")}</tr>`;
  };
  const body = rows.map((row) => cells("td", row));
  return `<div class="wide"><table>
<thead>${cells("th", columns)}</thead>
<tbody>
${body.join("\n")}
</tbody>
</table></div>`;
}

function section(/** @type {Section} */ { title, text: paragraph, table, charts }) {
  return [
    `<h2>${text(title)}</h2>`,
    ...(paragraph === undefined ? [] : [`<p>${text(paragraph)}</p>`]),
    ...(table === undefined ? [] : [drawTable(table)]),
    `<div class="charts">`,
    ...charts.map(figure),
    "</div>",
  ].join("\n");
}

function figure(/** @type {import("./charts.js").Chart} */ chart) {
  const caption = chart.title ?? `${chart.up} by ${chart.across}`;
  return `<figure><figcaption>${text(caption)}</figcaption>${drawChart(chart)}</figure>`;
}

/** A string as HTML. */
function text(/** @type {string} */ plain) {
  return plain.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
