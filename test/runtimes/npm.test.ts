// The packed tarball in every runtime that npm or Node itself brings.

import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { EdgeVM } from "@edge-runtime/vm";
import { type BuildOptions, build, type Plugin } from "esbuild";
import { afterAll, beforeAll, expect, it } from "vitest";
import { FAMILY_NAMES } from "../../src/engine/families/family.js";
import { execArgv } from "../../vitest.config.js";
import { type Project, project } from "./project.js";
import { describeRuntime, type Report } from "./report.js";
import { bundled, inBun, inDeno, inNode, inWorkerd, printed } from "./running.js";

const SCRIPT = "entries/script.js";
const FETCH = "entries/fetch.js";

let current: Project;

beforeAll(async () => {
  current = await project();
});

afterAll(() => current?.remove());

/** With the imports of the package turned into calls of `require`, so inside the project after all. */
async function required(): Promise<Report> {
  const options: BuildOptions = { format: "cjs", platform: "node", packages: "external" };
  return inNode(current, await bundled(current, SCRIPT, "project/script.cjs", options));
}

/** Under Node's permission model, with leave to read the bundle and nothing else. */
async function oneFile(): Promise<Report> {
  const file = await bundled(current, SCRIPT, "one-file/script.mjs", { platform: "node" });
  const flags = process.allowedNodeEnvironmentFlags;
  const permission = flags.has("--permission") ? "--permission" : "--experimental-permission";
  return printed(process.execPath, [permission, `--allow-fs-read=${file}`, file], { cwd: dirname(file) });
}

/** Gives a bundle for the edge its modules, compiled outside, as globals by the name of the file. */
const precompiled: Plugin = {
  name: "precompiled",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /\.strict\.wasm\?module$/ }, ({ path }) => ({ path, namespace: "precompiled" }));
    onLoad({ filter: /./, namespace: "precompiled" }, ({ path }) => ({
      contents: `export default globalThis[${JSON.stringify(path)}]`,
    }));
  },
};

async function edge(): Promise<Report> {
  const file = await bundled(current, "entries/report.js", "edge/report.js", {
    conditions: ["edge-light"],
    plugins: [precompiled],
    format: "iife",
    globalName: "program",
  });
  const modules: Record<string, WebAssembly.Module> = {};
  for (const family of FAMILY_NAMES) {
    const bytes = await readFile(join(current.installed, `build/${family}.strict.wasm`));
    modules[`./${family}.strict.wasm?module`] = new WebAssembly.Module(bytes);
  }
  const machine = new EdgeVM({
    codeGeneration: { strings: false, wasm: false },
    extend: (context) => Object.assign(context, modules),
  });
  machine.evaluate(await readFile(file, "utf8"));
  return machine.evaluate("program.report()");
}

const everything = ["relaxed", "strict", "reference"] as const;
const withoutRelaxed = ["strict", "reference"] as const;

/** Node 20 takes relaxed SIMD behind a flag only. */
const node = process.versions.node.startsWith("20.")
  ? { takes: withoutRelaxed, reason: /^compiled from inlined bytes; not relaxed: .*simd opcode/ }
  : { takes: everything, reason: /^compiled from inlined bytes$/ };

const inlined = { takes: everything, reason: /^compiled from inlined bytes$/ };
const worker = { takes: everything, reason: /^imported by the Worker$/ };

describeRuntime({ name: "Node, import", ...node, report: () => inNode(current, SCRIPT) });
describeRuntime({ name: "Node, require", ...node, report: required });
describeRuntime({ name: "Node, one bundled file", ...node, report: oneFile });
describeRuntime({ name: "Node with relaxed SIMD", ...inlined, report: () => inNode(current, ...execArgv, SCRIPT) });
describeRuntime({
  name: "edge VM",
  takes: withoutRelaxed,
  reason: /^imported by the edge function; not relaxed: the relaxed binary is not part of edge bundles$/,
  report: edge,
});
describeRuntime({ name: "workerd", ...worker, report: () => inWorkerd(current, FETCH, "2026-04-01") });
describeRuntime({ name: "workerd as of 2023", ...worker, report: () => inWorkerd(current, FETCH, "2023-01-01") });
describeRuntime({
  name: "Deno without permissions",
  ...inlined,
  report: () => inDeno(current, SCRIPT),
});
describeRuntime({ name: "Bun", ...inlined, report: () => inBun(current, SCRIPT) });

/** The files of the package that a bundle of some source has in it, from its folder `build` on. */
async function filesBundled(contents: string, options: BuildOptions = {}): Promise<string[]> {
  const { metafile } = await build({
    stdin: { contents, resolveDir: current.folder },
    bundle: true,
    format: "esm",
    external: ["*.wasm", "*.wasm?module"],
    write: false,
    ...options,
    metafile: true,
  });
  const [output] = Object.values(metafile.outputs);
  const files = Object.entries(output!.inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0);
  return files.map(([file]) => file.split("schuss/build/")[1]!).filter(Boolean);
}

it.each(["edge-light", "workerd"])("leaves the inlined bytes out of bundles for %s", async (condition) => {
  const files = await filesBundled('export { run } from "./program.js"', { conditions: [condition] });
  expect(files).toContain(`engine/binaries/${condition}.js`);
  for (const family of FAMILY_NAMES) {
    expect(files).toContain(`${family}.${condition}.js`);
    expect(files).not.toContain(`${family}.inline.js`);
  }
});

it.each([
  ["schuss", "adamw", ["core", "update"]],
  ["schuss/finite-sum", "minimize", ["core", "finite-sum"]],
  ["schuss/kernels", "kernels", FAMILY_NAMES],
])("bundles the kernels that are needed and no others, from %s", async (entry, name, families) => {
  const files = await filesBundled(`import { ${name} } from "${entry}"; console.log(${name})`);
  const bundled = files.filter((file) => file.endsWith(".inline.js"));
  expect(bundled.sort()).toEqual(families.map((family) => `${family}.inline.js`).sort());
});
