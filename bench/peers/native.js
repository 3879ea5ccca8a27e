import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Child } from "./child.js";

const sourceOf = (name) => fileURLToPath(new URL(`../native/${name}`, import.meta.url));

/**
 * What C is asked for. Without -fno-math-errno gcc takes no vectors where there is a square root, since sqrt must set
 * errno; without partial sums it takes none for a sum. So the plain loop is what most would write, the other what it can
 * come to. Neither has -ffast-math, which the kernels don't have either.
 */
const builds = [
  { name: "C", flags: ["-O3", "-march=native"] },
  { name: "C tuned", flags: ["-O3", "-march=native", "-fno-math-errno", "-DPARTIAL_SUMS=64"] },
];

function findCompiler() {
  for (const command of ["cc", "gcc", "clang"]) {
    try {
      const version = execFileSync(command, ["--version"], { encoding: "utf8" }).split("\n")[0];
      return { command, version };
    } catch {
      // Not here; try the next.
    }
  }
  return undefined;
}

/** Compiles the C loops into the folder and starts them there. Where that can't be done there are no such peers. */
export function startNativePeers(folder) {
  const compiler = findCompiler();
  if (compiler === undefined) return { compiler: "no compiler found", peers: [] };
  try {
    const programs = builds.map(({ flags }, k) =>
      compile(compiler.command, "kernels.c", flags, join(folder, `kernels-${k}`)),
    );
    const peers = builds.map(({ name, flags }, k) => {
      const child = new Child(programs[k], [], folder);
      return { name, flags: flags.join(" "), ask: (line) => child.ask(line), dispose: () => child.dispose() };
    });
    return { compiler: compiler.version, peers };
  } catch {
    return { compiler: `${compiler.version} can't build native/kernels.c`, peers: [] };
  }
}

function compile(command, name, flags, program) {
  execFileSync(command, ["-std=c11", ...flags, sourceOf(name), "-o", program, "-lm"]);
  return program;
}

/** Vectors of 128 bits in the encoding that V8 uses too, where the processor has it. */
const vectorFlags = process.arch === "x64" ? ["-mavx"] : [];

/** Starts the matrix products in C; undefined where they can't be compiled. */
export function startNativeProducts(folder) {
  const compiler = findCompiler();
  if (compiler === undefined) return undefined;
  const flags = ["-O3", ...vectorFlags];
  try {
    const child = new Child(compile(compiler.command, "matrix.c", flags, join(folder, "matrix")), [], folder);
    return {
      name: "C",
      multipleOf: 8,
      version: `${compiler.version}, ${flags.join(" ")}`,
      ask: (line) => child.ask(line),
      dispose: () => child.dispose(),
    };
  } catch {
    return undefined;
  }
}
