// KERNELS.md's programs are files, each run here on the real module it is about: its own memory, TensorFlow.js's Emscripten
// heap, a Rust module's memory, an AssemblyScript module's.

import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));
const read = (path: string) => readFileSync(`${root}${path}`, "utf8");

const page = read("KERNELS.md");
const programs = [...page.matchAll(/^<!-- (\S+) -->\n```js\n([\s\S]*?)^```$/gm)].map(([, path, code]) => ({
  path: path!,
  code: code!,
}));

test("every block of code is a file, and every file stands there", () => {
  expect(programs).toHaveLength(page.match(/^```js$/gm)!.length);
  const files = readdirSync(`${root}examples/kernels`).map((name) => `examples/kernels/${name}`);
  expect(programs.map(({ path }) => path).sort()).toStrictEqual(files.sort());
});

describe.each(programs)("$path", ({ path, code }) => {
  test("stands on the page as it is", () => expect(code).toBe(read(path)));

  test("prints what it says", () => {
    const expected = [...code.matchAll(/^\s*console\.log\(.*\); \/\/ (.*)$/gm)].map(([, line]) => line);
    expect(expected.length).toBeGreaterThan(0);
    const output = execFileSync(process.execPath, [path], { cwd: root, encoding: "utf8" });
    expect(output.trim().split("\n")).toStrictEqual(expected);
  });
});

test("the page names every family", () => {
  const families = readdirSync(`${root}assembly`).flatMap((name) =>
    /^[a-z-]+\.ts$/.test(name) ? [name.slice(0, -3)] : [],
  );
  expect(families.length).toBeGreaterThan(7);
  for (const family of families) expect(page).toContain(`\`${family}\``);
});
