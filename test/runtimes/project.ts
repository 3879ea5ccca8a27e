// The package as its users get it: packed, and installed into an empty project beside the programs that use it.

import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const here = fileURLToPath(new URL(".", import.meta.url));
const repository = join(here, "../..");
const execute = promisify(execFile);

export interface Project {
  /** A temporary folder with `program.js` and `entries/`. */
  readonly folder: string;
  /** The installed package in it. */
  readonly installed: string;
  remove(): Promise<void>;
}

async function create(): Promise<Project> {
  const temporary = await mkdtemp(join(tmpdir(), "schuss-runtimes-"));
  const folder = join(temporary, "project");
  await mkdir(folder);
  await writeFile(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
  for (const part of ["program.js", "entries", "threads"])
    await cp(join(here, part), join(folder, part), { recursive: true });
  const silent = ["--ignore-scripts", "--loglevel=error"];
  await execute("npm", ["pack", "--pack-destination", temporary, ...silent], { cwd: repository });
  const tarball = (await readdir(temporary)).find((name) => name.endsWith(".tgz"));
  if (tarball === undefined) throw new Error("npm pack left no tarball");
  const install = ["install", `../${tarball}`, "--offline", "--no-audit", "--no-fund", ...silent];
  await execute("npm", install, { cwd: folder });
  return {
    folder,
    installed: join(folder, "node_modules/schuss"),
    remove: () => rm(temporary, { recursive: true, force: true }),
  };
}

let created: Promise<Project> | undefined;

/** The one project of a test file. Whoever asks for it removes it in the end. */
export function project(): Promise<Project> {
  created ??= create();
  return created;
}
