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
  return asciiMath.toTex(letters).replaceAll("\\text{", "\\operatorname{");
}

const code = (name) => `\\texttt{${name}}`;

/** TeX of a remark: options as they are written, comparisons as formulas, other words as words. */
function remark(text) {
  return text
    .split(/\s+(?=and\b|where\b|if\b|not\b)|(?<=\b(?:and|if|where|not))\s+/)
    .map((part) => {
      if (/^(if|where|and|not)$/.test(part)) return `\\text{ ${part} }`;
      const [, option, value] = /^([a-zA-Z]{2,}) = ("\w+")$/.exec(part) ?? [];
      if (option !== undefined) return `${code(option)} = ${code(value)}`;
      if (/^[a-z][A-Za-z]+$/.test(part) && part !== "otherwise") return code(part);
      if (/[<>=^_]/.test(part)) return toTex(part);
      return `\\text{${part}}`;
    })
    .join("");
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
    return note === "" ? side : `${side} && ${remark(note)}`;
  });
  const tex = `\\begin{alignedat}{2} ${rows.join(" \\\\[0.4em] ")} \\end{alignedat}`;
  const options = { displayMode: true, fleqn: true, strict: "error", throwOnError: true };
  const names = legend(block).map(
    (name) => `${katex.renderToString(toTex(name), { strict: "error" })} <code>${name}</code>`,
  );
  const where = names.length === 0 ? "" : `<p class="legend">${names.join(", ")}</p>`;
  return `<div class="formula">${katex.renderToString(tex, options)}${where}</div>\n`;
}
