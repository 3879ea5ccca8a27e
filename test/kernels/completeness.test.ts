// Every kernel is in the binaries, in the reference and in the tables that drive the tests.

import { expect, test } from "vitest";
import { Arena } from "./arena.js";
import { finiteSumFamilies, untypedKernels } from "./families/finite-sum.js";
import { mapFamilies } from "./families/map.js";
import { matrixFamilies } from "./families/matrix.js";
import { reductionFamilies } from "./families/reduction.js";
import { updateFamilies } from "./families/update.js";
import { DTYPES } from "./numbers.js";
import { BINARIES, kernelsOf, moduleOf } from "./variants.js";

const { memory } = new Arena(1);
const reference = kernelsOf("reference", memory);

const elementwise = { ...mapFamilies, ...reductionFamilies, ...updateFamilies };

const tested = [...Object.keys(elementwise), ...finiteSumFamilies, ...matrixFamilies]
  .flatMap((family) => DTYPES.map((dtype) => `${family}_${dtype}`))
  .concat(untypedKernels)
  .sort();

test("the reference has the kernels that are tested, no more and no less", () => {
  expect(Object.keys(reference).sort()).toStrictEqual(tested);
});

test.each(BINARIES)("the %s binary exports the kernels that are tested, no more and no less", (binary) => {
  const exported = WebAssembly.Module.exports(moduleOf(binary)).map(({ name }) => name);
  expect(exported.sort()).toStrictEqual(tested);
});

test.each(BINARIES)("the kernels of the %s binary take as many arguments as those of the reference", (binary) => {
  const arities = (table: object) =>
    Object.entries(table).map(([name, kernel]) => `${name}/${(kernel as () => void).length}`);
  expect(arities(kernelsOf(binary, memory)).sort()).toStrictEqual(arities(reference).sort());
});

test("every table entry names each of its arguments once, in as many places as the kernel has", () => {
  for (const [name, { arrays, scalars, signature }] of Object.entries(elementwise)) {
    expect([...signature].sort(), name).toStrictEqual(["n", ...Object.keys(arrays), ...Object.keys(scalars)].sort());
    for (const dtype of DTYPES) {
      expect(reference[`${name}_${dtype}` as keyof typeof reference].length, name).toBe(signature.length);
    }
  }
});
