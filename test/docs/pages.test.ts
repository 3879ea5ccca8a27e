// The pages that `npm run docs` makes: every rule has one, with its formula typeset, its options, its example, its source.

import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { docstringsUnder, formulasOf, ruleDocstrings } from "./docstrings.js";

const root = fileURLToPath(new URL("../../", import.meta.url));
const out = mkdtempSync(join(tmpdir(), "schuss-docs-"));

execFileSync(process.execPath, ["node_modules/typedoc/bin/typedoc", "--out", out], { cwd: root, stdio: "pipe" });

afterAll(() => rmSync(out, { recursive: true }));

const read = (path: string) => readFileSync(join(out, path), "utf8");
const count = (page: string, part: string) => page.split(part).length - 1;

/** Where the page of a function stands, among the modules of that name. */
const page = (module: string, name: string) => read(`functions/${module}.${name}.html`);

describe.each(ruleDocstrings())("the page of $name", (docstring) => {
  const html = page("schuss", docstring.name);

  test("has every formula typeset, and none that failed", () => {
    expect(count(html, 'class="formula"')).toBe(formulasOf(docstring).length);
    expect(html).toContain('class="katex-html"');
    expect(html).not.toContain("katex-error");
    expect(html).not.toContain("&lt;-");
  });

  test("has a table of options, with a default in every row", () => {
    const table = /<h4[^>]*>.*?Options[\s\S]*?<tbody>([\s\S]*?)<\/tbody>/.exec(html)![1]!;
    const rows = [...table.matchAll(/<tr>([\s\S]*?)<\/tr>/g)].map(([, row]) =>
      [...row!.matchAll(/<td>([\s\S]*?)<\/td>/g)].map(([, cell]) => cell!.replace(/<[^>]*>/g, "").trim()),
    );
    expect(rows[0]![0]).toMatch(/^learningRate/);
    for (const [option, standard, meaning] of rows) {
      expect(standard, option).not.toBe("");
      expect(meaning, option).not.toBe("");
    }
    expect(html).toContain("CommonOptions.html");
  });

  test("has an example, what it throws, and its source", () => {
    for (const heading of ["Throws", "Example", "See"]) expect(html).toMatch(new RegExp(`<h4[^>]*>${heading}`));
  });
});

describe.each([
  ["schuss.schedules", "src/schedules/"],
  ["schuss_linalg", "src/matrix/linalg/"],
])("%s", (module, folder) => {
  const withFormulas = docstringsUnder(folder).filter(
    (docstring) =>
      formulasOf(docstring).length > 0 && existsSync(join(out, `functions/${module}.${docstring.name}.html`)),
  );

  test.each(withFormulas)("the page of $name has its formulas typeset", (docstring) => {
    const html = page(module, docstring.name);
    expect(count(html, 'class="formula"')).toBeGreaterThanOrEqual(formulasOf(docstring).length);
    expect(html).not.toContain("katex-error");
  });

  test("most of them have a formula", () => {
    const pages = readdirSync(join(out, "functions")).filter((name) => name.startsWith(`${module}.`));
    expect(withFormulas.length).toBeGreaterThanOrEqual(0.75 * pages.length);
  });
});

test.each(["tfjs", "brain", "arrays", "ml", "jax"])(
  "the page of schuss/%s shows the one line that is changed",
  (name) => {
    const block = /<code class="diff">([\s\S]*?)<\/code>/.exec(read(`modules/schuss_${name}.html`))![1]!;
    const lines = block
      .replace(/<br\s*\/?>/g, "\n")
      .replace(/<[^>]*>/g, "")
      .trim()
      .split("\n");
    expect(lines.map(([sign]) => sign)).toStrictEqual(["-", "+"]);
  },
);

test("pages need nothing from the network", () => {
  const html = page("schuss", "adam");
  const resources = [...html.matchAll(/<(?:link|script|img)[^>]*(?:href|src)="([^"]*)"/g)].map(
    ([, address]) => address!,
  );
  expect(resources.length).toBeGreaterThan(3);
  for (const address of resources) expect(address).not.toMatch(/^(?:https?:)?\/\//);
  const fonts = [...read("assets/katex.min.css").matchAll(/url\(([^)]*\.woff2)\)/g)].map(([, font]) => font!);
  expect(fonts.length).toBeGreaterThan(10);
  for (const font of fonts) expect(existsSync(join(out, "assets", font)), font).toBe(true);
});
