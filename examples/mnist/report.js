// The report: one page without scripts or other files.

import { drawChart } from "./charts.js";
import { COLUMNS, FIRST_NUMBER, rowsOf } from "./table.js";

/**
 * @typedef {object} Report
 * @property {string} circumstances machine, engine, date
 * @property {string[]} setup what was computed
 * @property {import("./table.js").Comparison[]} comparisons
 * @property {string[]} notes
 * @property {Section[]} sections
 */

/** @typedef {{ title: string, charts: import("./charts.js").Chart[] }} Section */

const STYLE = `
  :root { color-scheme: light dark; --ink: #222; --faint: #ddd; --paper: #fff; --schuss: #0969da; --twin: #d1570a; }
  @media (prefers-color-scheme: dark) {
    :root { --ink: #ddd; --faint: #3a3f46; --paper: #15181c; --schuss: #58a6ff; --twin: #f0883e; }
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

export function reportOf(/** @type {Report} */ { circumstances, setup, comparisons, notes, sections }) {
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
${table(comparisons)}
${notes.map((note) => `<p>${text(note)}</p>`).join("\n")}
${sections.map(section).join("\n")}
</body>
</html>
`;
}

function table(/** @type {Report["comparisons"]} */ comparisons) {
  const cells = (/** @type {"th" | "td"} */ tag, /** @type {string[]} */ contents) => {
    const cell = (/** @type {string} */ content, /** @type {number} */ k) =>
      `<${tag}${k < FIRST_NUMBER ? "" : ' class="number"'}>${text(content)}</${tag}>`;
    return `<tr>${contents.map(cell).join("")}</tr>`;
  };
  const body = rowsOf(comparisons).map((row) => cells("td", row));
  return `<div class="wide"><table>
<thead>${cells("th", COLUMNS)}</thead>
<tbody>
${body.join("\n")}
</tbody>
</table></div>`;
}

function section(/** @type {Section} */ { title, charts }) {
  const figures = charts.map(
    (chart) => `<figure><figcaption>${text(`${chart.up} by ${chart.across}`)}</figcaption>${drawChart(chart)}</figure>`,
  );
  return `<h2>${text(title)}</h2>
<div class="charts">
${figures.join("\n")}
</div>`;
}

/** A string as HTML. */
function text(/** @type {string} */ plain) {
  return plain.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
