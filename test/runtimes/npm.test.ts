// The packed tarball in every runtime that npm or Node itself brings.

import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { EdgeVM } from "@edge-runtime/vm";
import { type BuildOptions, build, type Plugin } from "esbuild";
import { Miniflare } from "miniflare";
import { afterAll, beforeAll, expect, it } from "vitest";
import { FAMILY_NAMES } from "../../src/engine/families/family.js";
import { execArgv } from "../../vitest.config.js";
import { type Project, project } from "./project.js";
import { describeRuntime, type Report } from "./report.js";

const execute = promisify(execFile);
const tool = (name: string) => fileURLToPath(new URL(`../../node_modules/.bin/${name}`, import.meta.url));

let current: Project;

beforeAll(async () => {
  current = await project();
});

afterAll(() => current?.remove());

/** The report that a command prints. */
async function printed(command: string, operands: string[], { cwd = current.folder, env = {} } = {}): Promise<Report> {
  const { stdout } = await execute(command, operands, { cwd, env: { ...process.env, ...env } }).catch((error) => {
    if (error.code === "ENOENT") throw new Error(`${command} is missing: run \`npm install\``);
    throw error;
  });
  return JSON.parse(stdout);
}

/** Bundles an entry into a file outside the project, so that nothing of the project is in reach. */
async function bundled(entry: string, file: string, options: BuildOptions): Promise<string> {
  const outfile = join(dirname(current.folder), file);
  const entryPoints = [join(current.folder, "entries", entry)];
  await build({ entryPoints, outfile, bundle: true, format: "esm", logLevel: "error", ...options });
  return outfile;
}

/** With the imports of the package turned into calls of `require`, so inside the project after all. */
async function required(): Promise<Report> {
  const options: BuildOptions = { format: "cjs", platform: "node", packages: "external" };
  return printed(process.execPath, [await bundled("script.js", "project/script.cjs", options)]);
}

/** Under Node's permission model, with leave to read the bundle and nothing else. */
async function oneFile(): Promise<Report> {
  const file = await bundled("script.js", "one-file/script.mjs", { platform: "node" });
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
  const file = await bundled("report.js", "edge/report.js", {
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

async function workerd(compatibilityDate: string): Promise<Report> {
  const scriptPath = await bundled("fetch.js", `workerd-${compatibilityDate}/fetch.mjs`, {
    conditions: ["workerd"],
    loader: { ".wasm": "copy" },
  });
  const miniflare = new Miniflare({
    modules: true,
    modulesRoot: dirname(scriptPath),
    scriptPath,
    modulesRules: [{ type: "CompiledWasm", include: ["**/*.wasm"] }],
    compatibilityDate,
  });
  try {
    const response = await miniflare.dispatchFetch("http://localhost/");
    if (!response.ok) throw new Error(await response.text());
    return (await response.json()) as Report;
  } finally {
    await miniflare.dispose();
  }
}

const inNode = (...operands: string[]) => printed(process.execPath, [...operands, "entries/script.js"]);

const everything = ["relaxed", "strict", "reference"] as const;
const withoutRelaxed = ["strict", "reference"] as const;

/** Node 20 takes relaxed SIMD behind a flag only. */
const node = process.versions.node.startsWith("20.")
  ? { takes: withoutRelaxed, reason: /^compiled from inlined bytes; not relaxed: .*simd opcode/ }
  : { takes: everything, reason: /^compiled from inlined bytes$/ };

const inlined = { takes: everything, reason: /^compiled from inlined bytes$/ };
const worker = { takes: everything, reason: /^imported by the Worker$/ };

describeRuntime({ name: "Node, import", ...node, report: () => inNode() });
describeRuntime({ name: "Node, require", ...node, report: required });
describeRuntime({ name: "Node, one bundled file", ...node, report: oneFile });
describeRuntime({ name: "Node with relaxed SIMD", ...inlined, report: () => inNode(...execArgv) });
describeRuntime({
  name: "edge VM",
  takes: withoutRelaxed,
  reason: /^imported by the edge function; not relaxed: the relaxed binary is not part of edge bundles$/,
  report: edge,
});
describeRuntime({ name: "workerd", ...worker, report: () => workerd("2026-04-01") });
describeRuntime({ name: "workerd as of 2023", ...worker, report: () => workerd("2023-01-01") });
describeRuntime({
  name: "Deno without permissions",
  ...inlined,
  report: () => {
    // Its cache goes where the project goes.
    const env = { DENO_DIR: join(current.folder, "deno"), DENO_NO_UPDATE_CHECK: "1" };
    return printed(tool("deno"), ["run", "--no-prompt", "entries/script.js"], { env });
  },
});
describeRuntime({ name: "Bun", ...inlined, report: () => printed(tool("bun"), ["entries/script.js"]) });

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
