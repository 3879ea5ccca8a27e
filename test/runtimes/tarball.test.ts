// What the tarball holds.

import { execFile } from "node:child_process";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { afterAll, beforeAll, expect, it } from "vitest";
import { FAMILY_NAMES } from "../../src/engine/families/family.js";
import { type Project, project } from "./project.js";

let current: Project;

beforeAll(async () => {
  current = await project();
});

afterAll(() => current?.remove());

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}

/** The paths that an `exports` or `imports` map points to, through all its conditions. */
function targets(map: unknown): string[] {
  return typeof map === "string" ? [map] : Object.values(map as object).flatMap(targets);
}

const root = fileURLToPath(new URL("../../", import.meta.url));

it("holds the binaries, their sources, a module for every source of the facade, pages and examples, and nothing else", async () => {
  const sources = await filesIn(fileURLToPath(new URL("../../src", import.meta.url)));
  const kernels = await filesIn(fileURLToPath(new URL("../../assembly", import.meta.url)));
  const modules = [
    ...FAMILY_NAMES.flatMap((family) => ["inline", "workerd", "edge-light"].map((kind) => `${family}.${kind}`)),
    // The command is bundled.
    ...sources
      .filter((name) => !name.endsWith(".d.ts") && !name.startsWith("cli/"))
      .map((name) => name.replace(/\.ts$/, "")),
  ];
  const expected = [
    ...["LICENSE", "package.json", "build/cli/main.js", "build/cli/LICENSES.txt"],
    ...(await readdir(root)).filter((name) => name.endsWith(".md")),
    ...(await filesIn(`${root}examples`)).flatMap((name) =>
      /^(hosts|kernels)\/|^network\.js$/.test(name) ? [`examples/${name}`] : [],
    ),
    ...FAMILY_NAMES.flatMap((family) => ["strict", "relaxed"].map((variant) => `build/${family}.${variant}.wasm`)),
    ...kernels.filter((name) => name.endsWith(".ts")).map((name) => `assembly/${name}`),
    ...modules.flatMap((name) => [`build/${name}.js`, `build/${name}.d.ts`]),
  ];
  expect((await filesIn(current.installed)).sort()).toEqual(expected.sort());
});

it("has every file that its README leads to", async () => {
  const text = await readFile(join(current.installed, "README.md"), "utf8");
  const links = [...text.matchAll(/\]\(([^)#]+)\)/g)].map(([, link]) => link!).filter((link) => !link.includes(":"));
  expect(links.length).toBeGreaterThan(8);
  const files = await filesIn(current.installed);
  for (const link of links) expect(files).toContain(link);
});

it("has every file that exports and imports point to", async () => {
  const { exports, imports } = JSON.parse(await readFile(join(current.installed, "package.json"), "utf8"));
  const files = (await filesIn(current.installed)).map((name) => `./${name}`);
  for (const target of targets([exports, imports])) {
    // What stands for the star in a pattern is the name of a family, or of its binary.
    const [head, tail = ""] = target.split("*") as [string, string?];
    const meant = files.filter((file) => file.startsWith(head) && file.endsWith(tail));
    expect(meant.length, target).toBeGreaterThanOrEqual(target.includes("*") ? FAMILY_NAMES.length : 1);
  }
});

it("has nothing that publint objects to", async () => {
  const { messages, pkg } = await publint({ pkgDir: current.installed, pack: false, strict: true });
  expect(messages.map((message) => formatMessage(message, pkg as Record<string, unknown>))).toEqual([]);
});

it("has types that need neither a browser's nor Node's", async () => {
  const modules = ["", "/finite-sum", "/estimators", "/linalg", "/threads", "/kernels"];
  const program = join(current.folder, "every.ts");
  await writeFile(program, modules.map((name, k) => `export * as module${k} from "schuss${name}";\n`).join(""));
  const compiler = join(root, "node_modules/typescript/bin/tsc");
  const options = ["--noEmit", "--strict", "--module", "nodenext", "--target", "es2022", "--lib", "es2022"];
  await promisify(execFile)(process.execPath, [compiler, ...options, program], { cwd: current.folder });
});
