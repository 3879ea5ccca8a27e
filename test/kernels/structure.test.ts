// The first point of the kernel contract, read off the binaries: a kernel is a function over an imported memory and
// nothing else, so that one module can work on any memory.

import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { BINARIES, bytesOf, exportsOf, FAMILIES, FILES, kernelsOf, moduleOf } from "./variants.js";
import { FIRST_RELAXED, type Instruction, readBinary, type SectionName } from "./wasm-reader.js";

const MEMORY_SIZE = 0x3f;
const MEMORY_GROW = 0x40;
const CALL = 0x10;
const CALL_INDIRECT = 0x11;
const GLOBAL_GET = 0x23;
const GLOBAL_SET = 0x24;
const VECTOR = 0xfd;

const [I32, F32, F64] = [0x7f, 0x7d, 0x7c];

const isRelaxed = ({ opcode, extended }: Instruction) => opcode === VECTOR && extended! >= FIRST_RELAXED;

describe.each(FILES)("%s.%s.wasm", (family, binary) => {
  const { sections, customSections, types, imports, exports, functions, bodies } = readBinary(bytesOf(family, binary));
  const instructions = bodies.flat();
  const uses = (opcode: number) => instructions.some((instruction) => instruction.opcode === opcode);

  test("imports env.memory and nothing else", () => {
    expect(imports).toStrictEqual([{ module: "env", name: "memory", kind: "memory" }]);
  });

  test("has no data, start, tables, elements, globals or memory of its own", () => {
    const absent: SectionName[] = ["data", "data count", "start", "table", "element", "global", "memory"];
    expect(absent.filter((section) => sections.has(section))).toStrictEqual([]);
    expect([...sections.keys()]).toStrictEqual(["type", "import", "function", "export", "code"]);
  });

  test("carries neither names nor debugging information", () => {
    expect(customSections.filter((section) => section !== "target_features")).toStrictEqual([]);
  });

  test("exports functions only, each under one name", () => {
    expect(new Set(exports.map(({ kind }) => kind))).toStrictEqual(new Set(["function"]));
    expect(new Set(exports.map(({ index }) => index)).size).toBe(exports.length);
  });

  test("takes pointers and counts as i32 and scalars in the precision of its name, f64 where there is none", () => {
    for (const kernel of exports) {
      const { parameters, results } = types[functions[kernel.index]!]!;
      const scalars =
        kernel.name.endsWith("_f32") &&
        !/^(sag|svrg|sdca|gradient|predict|resum|multi|slopes|conjugates|searchSmoothness|coupledNewton|newtonSchulz|perceptron|hessian|squaredNormsCsr)/.test(
          kernel.name,
        )
          ? F32
          : F64;
      expect(
        parameters.filter((type) => type !== I32 && type !== scalars),
        kernel.name,
      ).toStrictEqual([]);
      expect([[], [I32], [F64]], kernel.name).toContainEqual(results);
    }
  });

  test("never grows or measures the memory, nor keeps anything in a global", () => {
    for (const opcode of [MEMORY_GROW, MEMORY_SIZE, GLOBAL_GET, GLOBAL_SET, CALL_INDIRECT])
      expect(uses(opcode)).toBe(false);
  });

  test("calls its own functions only", () => {
    const calls = instructions.filter(({ opcode }) => opcode === CALL);
    expect(calls.every(({ operands }) => operands[0]! < functions.length)).toBe(true);
    expect(functions.length).toBe(bodies.length);
  });

  test("is read in full: the parser and the engine see the same exports with the same arities", () => {
    const table = exportsOf(family, binary, new WebAssembly.Memory({ initial: 1 }));
    const arities = Object.fromEntries(Object.entries(table).map(([kernel, f]) => [kernel, (f as () => void).length]));
    const parsedArities = exports.map(({ name: kernel, index }) => [
      kernel,
      types[functions[index]!]!.parameters.length,
    ]);
    expect(Object.fromEntries(parsedArities)).toStrictEqual(arities);
  });

  test("can be instantiated over memories of others, whatever their limits", () => {
    const small = new WebAssembly.Memory({ initial: 0 });
    const large = new WebAssembly.Memory({ initial: 3, maximum: 65536 });
    for (const memory of [small, large]) {
      expect(() => new WebAssembly.Instance(moduleOf(family, binary), { env: { memory } })).not.toThrow();
    }
  });

  test("has relaxed SIMD in the relaxed binary only", () => {
    expect(instructions.some(isRelaxed)).toBe(binary === "relaxed");
  });
});

test.each(BINARIES)("kernels keep nothing between calls: two instances are interchangeable, %s", (binary) => {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const [one, other] = [kernelsOf(binary, memory), kernelsOf(binary, memory)];
  one.fill_f64(9, 3, 8);
  other.scale_f64(9, 0.5, 8);
  expect(one.sum_f64(9, 8)).toBe(13.5);
  expect(other.sum_f64(9, 8)).toBe(13.5);
});

describe("relaxed SIMD", () => {
  // Node 20 takes relaxed SIMD behind a flag only, which this process has and its child has not.
  test.each(FAMILIES)("is not asked of an engine that runs the strict binary, %s", (family) => {
    const path = fileURLToPath(new URL(`../../build/${family}.`, import.meta.url));
    const script = `
      const valid = (name) => WebAssembly.validate(require("node:fs").readFileSync(${JSON.stringify(path)} + name));
      console.log(valid("strict.wasm"), valid("relaxed.wasm"));`;
    const { stdout } = spawnSync(process.execPath, ["-e", script], {
      encoding: "utf8",
      env: { ...process.env, NODE_OPTIONS: "" },
    });
    const takesRelaxed = !process.versions.node.startsWith("20.");
    expect(stdout.trim()).toBe(`true ${takesRelaxed}`);
  });
});
