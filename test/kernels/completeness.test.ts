// Every kernel is in the binaries, in the reference and in the tables that drive the tests.

import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { Arena } from "./arena.js";
import { finiteSumFamilies, untypedKernels } from "./families/finite-sum.js";
import { mapFamilies } from "./families/map.js";
import { matrixFamilies } from "./families/matrix.js";
import { networkFamilies } from "./families/network.js";
import { reductionFamilies } from "./families/reduction.js";
import { tensorFamilies } from "./families/tensors.js";
import { updateFamilies } from "./families/update.js";
import { DTYPES } from "./numbers.js";
import { BINARIES, FAMILIES, kernelsOf, moduleOf } from "./variants.js";

const { memory } = new Arena(1);
const reference = kernelsOf("reference", memory);

/** What the update kernels read from memory rather than take as arguments. */
const optionNames = ["gradientScale", "l2", "shrink", "clipValue", "clear"];

const elementwise = { ...mapFamilies, ...reductionFamilies, ...updateFamilies };

const compressed = ["adam", "momentum", "lion"].flatMap((rule) => [`${rule}Bfloat16_f32`, `${rule}Int8_f32`]);

const tested = [
  ...Object.keys(elementwise),
  "tensorSquaredNorms",
  "prodigy",
  ...tensorFamilies,
  ...finiteSumFamilies,
  ...matrixFamilies,
  ...networkFamilies,
]
  .flatMap((family) => DTYPES.map((dtype) => `${family}_${dtype}`))
  .concat(untypedKernels, compressed)
  .sort();

test("the reference has the kernels that are tested, no more and no less", () => {
  expect(Object.keys(reference).sort()).toStrictEqual(tested);
});

test.each(BINARIES)("the %s binaries export the kernels that are tested, each once, no more and no less", (binary) => {
  const exported = FAMILIES.flatMap((family) => WebAssembly.Module.exports(moduleOf(family, binary)));
  expect(exported.map(({ name }) => name).sort()).toStrictEqual(tested);
});

test("the families that are known by name are those that are compiled", () => {
  const entries = readdirSync(new URL("../../assembly", import.meta.url)).filter((name) => name.endsWith(".ts"));
  expect(FAMILIES.map((family) => `${family}.ts`).sort()).toStrictEqual(entries.sort());
});

test.each(BINARIES)("the kernels of the %s binaries take as many arguments as those of the reference", (binary) => {
  const arities = (table: object) =>
    Object.entries(table).map(([name, kernel]) => `${name}/${(kernel as () => void).length}`);
  expect(arities(kernelsOf(binary, memory)).sort()).toStrictEqual(arities(reference).sort());
});

test("every table entry names each of its arguments once, in as many places as the kernel has", () => {
  for (const [name, { arrays, scalars, signature }] of Object.entries(elementwise)) {
    const own = Object.keys(scalars).filter(
      (scalar) => !signature.includes("options") || !optionNames.includes(scalar),
    );
    const expected = ["n", ...Object.keys(arrays), ...own, ...(signature.includes("options") ? ["options"] : [])];
    expect([...signature].sort(), name).toStrictEqual(expected.sort());
    for (const dtype of DTYPES) {
      expect(reference[`${name}_${dtype}` as keyof typeof reference].length, name).toBe(signature.length);
    }
  }
});
