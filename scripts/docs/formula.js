// The formulas of docstrings, typeset. They stand in blocks fenced as `math`, in a plain notation that can be read in an
// editor too, a line a formula:
//
//     b <- g                                if t = 1
//     b <- momentum b + (1 - dampening) g   otherwise
//
// and go over AsciiMath and TeX to HTML. What is set apart by two blanks or more is a remark: a condition, or words.

import { AsciiMath } from "asciimath-parser";
import katex from "katex";

/** Options that have a letter in the field's notation. */
const LETTERS = {
  learningRate: "eta",
  weightDecay: "lambda",
  beta1: "beta_1",
  beta2: "beta_2",
  momentum: "mu",
  dampening: "tau",
  decay: "rho",
  l1: "lambda_1",
  l2: "lambda_2",
};

/** Options whose letter speaks for itself. */
const EVIDENT = new Set(["beta1", "beta2"]);

/** Words that AsciiMath knows. */
const KNOWN = new Set(
  "alpha beta gamma delta epsilon varepsilon kappa lambda mu eta rho tau pi sigma theta sqrt min max sum prod cos hat langle rangle oo floor abs norm cdots".split(
    " ",
  ),
);

const asciiMath = new AsciiMath({ display: false });

/** The index behind the bracket that closes the one at `start`. */
function closing(text, start) {
  for (let depth = 0, i = start; i < text.length; i++) {
    if (text[i] === "(") depth++;
    if (text[i] === ")" && --depth === 0) return i + 1;
  }
  throw new SyntaxError(`formula: no bracket closes the one in ${text.slice(start)}`);
}

/** Function calls held together, so that a fraction takes all of them: f(x) / 2. */
function holdCalls(text) {
  const call = /[a-zA-Z]{2,}(?:_\w+)?\(/g.exec(text);
  if (call === null) return text;
  const open = call.index + call[0].length - 1;
  const end = closing(text, open);
  const name = call[0].slice(0, -1);
  const inside = holdCalls(text.slice(open + 1, end - 1));
  const held = name === "dot" ? `(: ${inside} :)` : name === "sqrt" ? `sqrt(${inside})` : `{: ${name}(${inside}) :}`;
  return `${text.slice(0, call.index)}${held}${holdCalls(text.slice(end))}`;
}

const word = (name) => {
  if (Object.hasOwn(LETTERS, name)) return LETTERS[name];
  if (name === "epsilon") return "varepsilon";
  if (name.endsWith("Hat")) return `hat ${name.slice(0, -3)}`;
  return KNOWN.has(name) || name.length === 1 ? name : `"${name}"`;
};

/** TeX of an expression. */
export function toTex(expression) {
  const norms = expression.replace(/\|\|(.+?)\|\|/g, "norm($1)").replace(/\|(.+?)\|/g, "abs($1)");
  const letters = holdCalls(norms)
    .replace(/_([a-z])([a-z])\b/g, "_($1 $2)")
    .replace(/"[^"]*"|[A-Za-z]+\d*/g, (match) => (match[0] === '"' ? match : word(match)))
    .replaceAll("->", "to")
    .replace(/(?<=\S) \* (?=\S)/g, " ");
  return asciiMath
    .toTex(letters)
    .replaceAll("\\text{", "\\operatorname{")
    .replace(/(?<=[\w}] )\{ (?=\\(?:max|min|cos|operatorname))/g, "\\, { ");
}

const LINKS = new Set(["if", "where", "and", "not", "otherwise"]);

/** TeX of a remark: words as words, all else as formulas; in conditions the options as they are written. */
function remark(text) {
  const options = /^(if|where) /.test(text);
  const parts = [];
  for (const piece of text.split(" ")) {
    const [, name, comma] = /^("?[A-Za-z]{2,}"?)(,?)$/.exec(piece) ?? [];
    const kind = name === undefined ? "formula" : options && !LINKS.has(name) ? "code" : "text";
    if (kind === "formula" && parts.at(-1)?.kind === kind) parts.at(-1).body += ` ${piece}`;
    else parts.push({ kind, body: kind === "formula" ? piece : name, comma: comma ?? "" });
  }
  const tex = {
    formula: toTex,
    code: (name) => `\\texttt{${name}}`,
    text: (word) => `\\text{${word}}`,
  };
  return parts.map(({ kind, body, comma = "" }) => `${tex[kind](body)}${comma && "\\text{,}"}`).join("\\ ");
}

/**
 * The lines of a block: left side, sign, right side and remark.
 * @param {string} block
 * @returns {{ left: string, sign: string, right: string, note: string }[]}
 */
export function parseBlock(block) {
  return block
    .trim()
    .split("\n")
    .map((line) => {
      const [, formula, note = ""] = /^(.*?)(?:\s{2,}(.*))?$/.exec(line.trim());
      const [, left, sign, right] = /^(.+?) (<-|=|<=|>=) (.+)$/.exec(formula) ?? [null, "", "", formula];
      return { left, sign, right, note };
    });
}

const SIGNS = { "<-": "\\gets", "=": "=", "<=": "\\le", ">=": "\\ge" };

/** The options in a block that are set as a letter which doesn't name them. */
export const legend = (block) =>
  Object.keys(LETTERS).filter((name) => !EVIDENT.has(name) && new RegExp(`\\b${name}\\b`).test(block));

/** HTML of a block, with the names of the options that it has letters for. */
export function typeset(block) {
  const rows = parseBlock(block).map(({ left, sign, right, note }) => {
    const side = sign === "" ? `& ${toTex(right)}` : `${toTex(left)} & ${SIGNS[sign]} ${toTex(right)}`;
    return note === "" ? side : `${side} && \\qquad ${remark(note)}`;
  });
  const gap = (row) => (row.includes("\\frac") ? "1em" : "0.5em");
  const tall = rows.map((row, k) => (k === 0 ? row : `\\\\[${gap(rows[k - 1] + row)}] ${row}`));
  const tex = `\\begin{alignedat}{2} ${tall.join(" ")} \\end{alignedat}`;
  const options = { displayMode: true, fleqn: true, strict: "error", throwOnError: true };
  const names = legend(block).map(
    (name) => `${katex.renderToString(toTex(name), { strict: "error" })} <code>${name}</code>`,
  );
  const where = names.length === 0 ? "" : `<p class="legend">${names.join(", ")}</p>`;
  return `<div class="formula">${katex.renderToString(tex, options)}${where}</div>\n`;
}

/** HTML of running text, already escaped: powers raised, signs as they are printed. */
export const typesetText = (html) =>
  html
    .replace(
      /([\w)|])\^(-?\w+(?:\.\d+)?|\([^()]*\))/g,
      (_, base, power) => `${base}<sup>${power.replace(/^\((.*)\)$/, "$1").replace("-", "\u2212")}</sup>`,
    )
    .replaceAll(" &lt;- ", " \u2190 ")
    .replaceAll("&gt;= ", "\u2265 ")
    .replaceAll("&lt;= ", "\u2264 ");
