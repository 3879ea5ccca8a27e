// What stands in the README as JavaScript runs as it stands there, against the package as built.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));
const read = (path: string) => readFileSync(`${root}${path}`, "utf8");

/** The fenced blocks of JavaScript. */
const blocks = [...read("README.md").matchAll(/^```js\n([\s\S]*?)^```$/gm)].map(([, code]) => code!);
const programs = blocks.filter((code) => code.includes("import "));
const fragments = blocks.filter((code) => !code.includes("import "));

/** Runs a program here, where the package's name leads to the package itself, and returns what it prints. */
const run = (program: string) =>
  execFileSync(process.execPath, ["--input-type=module", "--eval", program], { cwd: root, encoding: "utf8" });

test("the first program is examples/quick-start.js, and finds the line y = 2 x + 1", () => {
  expect(programs[0]).toBe(read("examples/quick-start.js"));
  const [, slope, intercept] = /^y = ([\d.]+) x \+ ([\d.]+)\n$/.exec(run(programs[0]!)) ?? [];
  expect(Number(slope)).toBeCloseTo(2, 1);
  expect(Number(intercept)).toBeCloseTo(1, 1);
});

test("that program prints what the README says", () => {
  expect(read("README.md")).toContain(`prints \`${run(programs[0]!).trim()}\``);
});

test("the commands learn from the data they write, and predict their labels", () => {
  const [, commands] = /^```sh\n([\s\S]*?)^```$/m.exec(read("README.md"))!;
  const folder = mkdtempSync(join(tmpdir(), "schuss-readme-"));
  try {
    const script = commands!.replaceAll("npx schuss", `"${process.execPath}" "${root}build/cli/main.js"`);
    const stdio = ["ignore", "pipe", "ignore"] as const;
    const output = execFileSync("sh", ["-e", "-c", script], { cwd: folder, encoding: "utf8", stdio: [...stdio] });
    expect(output).toMatch(/^accuracy 1 on data\.svm\n[\s\S]*\n1\n-1\n1\n-1\n$/m);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.each(programs.slice(1).map((code) => ({ code })))("it runs, and prints what it says: $code", ({ code }) => {
  const output = run(code);
  expect(output).not.toMatch(/NaN|undefined/);
  expect(output !== "").toBe(code.includes("console.log"));
});

test("minimize finds the minimum that the README's data have", () => {
  const program = programs.find((code) => code.includes("minimize("))!;
  const [, first, second, intercept, converged] =
    /\[\s*([-\d.e]+),\s*([-\d.e]+)\s*\]\s+([-\d.e]+)\s+(\w+)/.exec(run(program)) ?? [];
  expect(converged).toBe("true");
  // Exchanging the columns turns every label, so w = (a, -a) and the intercept is 0. All four margins are a then, and the
  // objective ln(1 + e^-a) + 0.1 a^2 is least where 0.2 a = 1 / (1 + e^a).
  const a = Number(first);
  expect(Number(second)).toBeCloseTo(-a, 4);
  expect(Number(intercept)).toBeCloseTo(0, 4);
  expect(0.2 * a * (1 + Math.exp(a))).toBeCloseTo(1, 4);
});

test("the bare kernel gives 10 x + y", () => {
  const program = programs.find((code) => code.includes("axpy_f32"))!;
  expect(run(program)).toMatch(/\[\s*10,\s*20,\s*30,\s*40\s*\]/);
});

test.each(fragments.map((code) => ({ code })))("after the first program: $code", ({ code }) => {
  const print = "console.log(JSON.stringify(another.stateDict()) === JSON.stringify(optimizer.stateDict()));";
  expect(run(`${programs[0]}${code}${print}`).split("\n").at(-2)).toBe("true");
});
