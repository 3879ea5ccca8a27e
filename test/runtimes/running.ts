// How programs are run in the runtimes that npm or Node itself brings.

import { execFile } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { type BuildOptions, build } from "esbuild";
import { Miniflare } from "miniflare";
import type { Project } from "./project.js";

const execute = promisify(execFile);
const tool = (name: string) => fileURLToPath(new URL(`../../node_modules/.bin/${name}`, import.meta.url));

/** The report that a command prints. */
export async function printed<Report>(
  command: string,
  operands: readonly string[],
  { cwd, env = {} }: { cwd: string; env?: Readonly<Record<string, string>> },
): Promise<Report> {
  const { stdout } = await execute(command, operands, { cwd, env: { ...process.env, ...env } }).catch((error) => {
    if (error.code === "ENOENT") throw new Error(`${command} is missing: run \`npm install\``);
    throw error;
  });
  return JSON.parse(stdout);
}

/** Runs a program of the project in Node. */
export const inNode = <Report>({ folder }: Project, ...operands: string[]) =>
  printed<Report>(process.execPath, operands, { cwd: folder });

export const inBun = <Report>({ folder }: Project, program: string) =>
  printed<Report>(tool("bun"), [program], { cwd: folder });

/** In Deno, with the permissions given and no others. */
export function inDeno<Report>({ folder }: Project, program: string, ...permissions: string[]): Promise<Report> {
  // Its cache goes where the project goes.
  const env = { DENO_DIR: join(folder, "deno"), DENO_NO_UPDATE_CHECK: "1" };
  return printed(tool("deno"), ["run", "--no-prompt", ...permissions, program], { cwd: folder, env });
}

/** Bundles a program of the project into a file outside of it, so that nothing of the project is in reach. */
export async function bundled(
  { folder }: Project,
  program: string,
  file: string,
  options: BuildOptions,
): Promise<string> {
  const outfile = join(dirname(folder), file);
  const entryPoints = [join(folder, program)];
  await build({ entryPoints, outfile, bundle: true, format: "esm", logLevel: "error", ...options });
  return outfile;
}

/** What a program answers in Cloudflare's runtime. */
export async function inWorkerd<Report>(project: Project, program: string, compatibilityDate: string): Promise<Report> {
  const scriptPath = await bundled(project, program, `workerd-${compatibilityDate}/fetch.mjs`, {
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
