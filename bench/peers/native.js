import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Child } from "./child.js";

const sourceOf = (name) => fileURLToPath(new URL(`../native/${name}`, import.meta.url));

const plain = ["-O3", "-march=native"];
const tuned = [...plain, "-fno-math-errno"];

/**
 * What C is asked for. Without -fno-math-errno gcc takes no vectors where there is a square root, since sqrt must set
 * errno; without partial sums it takes none for a sum. So the plain loop is what most would write, the tuned one what it
 * can come to, and the third what that comes to in vectors of 128 bits, which are all that WebAssembly has: it tells what
 * the width costs from what the kernels do. None has -ffast-math, which the kernels don't have either.
 */
const builds = [
  { name: "C", flags: plain },
  { name: "C tuned", flags: [...tuned, "-DPARTIAL_SUMS=64"] },
  { name: "C 128", flags: [...tuned, "-DPARTIAL_SUMS=32", "-mprefer-vector-width=128"] },
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

/**
 * Compiles the C loops into the folder and starts them there. A build that the compiler can't make is left out: only on
 * x86 is there a width to choose.
 */
export function startNativePeers(folder) {
  const compiler = findCompiler();
  if (compiler === undefined) return { compiler: "no compiler found", peers: [] };
  const peers = builds.flatMap(({ name, flags }, k) => {
    const program = join(folder, `kernels-${k}`);
    if (!compile(compiler.command, "kernels.c", flags, program)) return [];
    const child = new Child(program, [], folder);
    return [{ name, flags: flags.join(" "), ask: (line) => child.ask(line), dispose: () => child.dispose() }];
  });
  return { compiler: peers.length > 0 ? compiler.version : `${compiler.version} can't build native/kernels.c`, peers };
}

function compile(command, name, flags, program) {
  try {
    execFileSync(command, ["-std=c11", ...flags, sourceOf(name), "-o", program, "-lm"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** Vectors of 128 bits in the encoding that V8 uses too, where the processor has it. */
const vectorFlags = process.arch === "x64" ? ["-mavx"] : [];

/** Starts the matrix products in C; undefined where they can't be compiled. */
export function startNativeProducts(folder) {
  const compiler = findCompiler();
  if (compiler === undefined) return undefined;
  const flags = ["-O3", ...vectorFlags];
  const program = join(folder, "matrix");
  if (!compile(compiler.command, "matrix.c", flags, program)) return undefined;
  const child = new Child(program, [], folder);
  return {
    name: "C",
    multipleOf: 8,
    version: `${compiler.version}, ${flags.join(" ")}`,
    ask: (line) => child.ask(line),
    dispose: () => child.dispose(),
  };
}
