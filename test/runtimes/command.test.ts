// The command as `npx schuss` finds it where the package is installed.

import { execFileSync } from "node:child_process";
import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Project, project } from "./project.js";

let current: Project;

beforeAll(async () => {
  current = await project();
});

afterAll(() => current?.remove());

const schuss = (...args: string[]) =>
  execFileSync("npx", ["--no-install", "schuss", ...args], { cwd: current.folder, encoding: "utf8", stdio: "pipe" });

it("learns, predicts and draws", async () => {
  await writeFile(join(current.folder, "data.svm"), "1 1:1 2:2\n-1 1:2 2:1\n1 1:0.5 2:2\n-1 2:-1\n");
  expect(schuss("train", "data.svm", "--passes", "1000", "--out", "model.json")).toContain("model.json written\n");
  expect(schuss("predict", "model.json", "data.svm")).toBe("1\n-1\n1\n-1\n");
  schuss("path", "data.svm", "--passes", "1000", "--plot", "path.svg");
  expect(await readFile(join(current.folder, "path.svg"), "utf8")).toContain("</svg>");
});

it("brings no other package, and the licences of what it has inside", async () => {
  expect((await readdir(join(current.folder, "node_modules"))).filter((name) => !name.startsWith("."))).toEqual([
    "schuss",
  ]);
  expect((await stat(join(current.installed, "build/cli/main.js"))).size).toBeLessThan(250_000);
  const licences = await readFile(join(current.installed, "build/cli/LICENSES.txt"), "utf8");
  for (const name of ["commander", "papaparse", "npyjs", "cli-progress", "cli-table3", "d3-scale", "d3-shape"]) {
    expect(licences).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+, (MIT|ISC|Apache-2\\.0)$`, "m"));
  }
});
