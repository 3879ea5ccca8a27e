// node bench/matrix-cost.js [--seconds N]: what steps of rules of whole matrices cost by the count of MATRIX.md, for shapes, block
// sizes and frequencies, and what they take: milliseconds, f32, strict, and bytes.
//
// The count turns to milliseconds at the speed of a forward and backward pass of the layer for a batch of 128, which is timed
// between the steps; what a root or a basis takes in products of its size is timed before. Medians of all steps, since every
// step has the same share of the roots.

import { parseArgs } from "node:util";
import Table from "cli-table3";
import { load, muon, shampoo, soap } from "schuss";
import { kernels } from "schuss/kernels";
import { BATCH, LAYERS, passes, stepper, timed } from "./layers.js";
import { gaussianFrom } from "./random.js";
import { median } from "./statistics.js";

const { values: given } = parseArgs({ options: { seconds: { type: "string", default: "1" } } });

const BLOCKS = [32, 64, 128];
const FREQUENCIES = { shampoo: [5, 20, 100], soap: [10] };
const CREATE = { shampoo, soap };

/**
 * As many operations of a product as all the rest takes for a weight: the moments, roots and divisions among them, copies,
 * norms and calls. Fitted to blocks of 64.
 */
const REST = { shampoo: 230, soap: 210, muon: 150 };

/** What a root and a step of a basis take in products of their size. */
function productsOf(n) {
  const memory = new WebAssembly.Memory({ initial: 64 });
  const table = kernels(memory, { variant: "strict" });
  const [a, b, c, values] = [0, 1, 2, 3].map((k) => 64 + 4 * k * n * n);
  const work = values + 64 * n;
  const gaussian = gaussianFrom(n);
  const drawn = Float32Array.from({ length: n * n }, gaussian);
  const into = (at) => new Float32Array(memory.buffer, at, n * n).set(drawn);
  const product = () => table.gemm_f32(0, 0, n, n, n, 1, b, n, b, n, 0, a, n, work);
  const square = () => {
    into(b);
    table.gemm_f32(0, 1, n, n, n, 1, b, n, b, n, 0, a, n, work);
  };
  const root = () => {
    table.symmetricEigen_f32(n, a, n, values, c, n, work);
    table.recompose_f32(n, c, n, values, a, n, work);
  };
  const basis = () => table.refreshBasis_f32(n, a, n, c, n, values, work);
  const times = { product: [], root: [], basis: [] };
  for (let round = 0; round < 60; round++) {
    square();
    times.root.push(timed(root));
    square();
    times.basis.push(timed(basis));
    into(b);
    times.product.push(timed(product));
  }
  const [one, rootTime, basisTime] = ["product", "root", "basis"].map((name) => median(times[name].slice(20)));
  return { root: rootTime / one, basis: basisTime / one };
}

/** Operations for a weight, of blocks as they are: a little smaller than asked for where a side is no multiple. */
function count(rule, [m, n], block, frequency, products) {
  const [rows, columns] = [m, n].map((size) => size / Math.ceil(size / block));
  const [statistics, applied] = [rows + columns, 2 * (rows + columns)];
  const made = (2 * products * (rows ** 3 + columns ** 3)) / (rows * columns);
  if (rule === "shampoo") return statistics + applied + made / frequency + REST.shampoo;
  // The moment is turned out of the old bases and into the new.
  return statistics + 2 * applied + (made + 2 * applied) / frequency + REST.soap;
}

function countMuon([m, n]) {
  const [small, large] = [Math.min(m, n), Math.max(m, n)];
  const iteration =
    large >= 1.5 * small ? 3 * small ** 2 * large + 17 * small ** 3 : 15 * small ** 2 * large + 5 * small ** 3;
  return iteration / (m * n) + REST.muon;
}

const engine = await load({ variant: "strict" });
const products = Object.fromEntries(BLOCKS.map((block) => [block, productsOf(block)]));
console.log("products a root and a basis:", products);

const settings = [
  ...Object.entries(FREQUENCIES).flatMap(([rule, frequencies]) =>
    BLOCKS.flatMap((blockSize) => frequencies.map((frequency) => ({ rule, blockSize, frequency }))),
  ),
  { rule: "muon" },
];

/** Milliseconds of a step by the count, and as measured; bytes of a weight, parameters and gradients left out. */
function measure(layer, run, { rule, blockSize, frequency }) {
  const kind = rule === "soap" ? "basis" : "root";
  const operations =
    rule === "muon" ? countMuon(layer) : count(rule, layer, blockSize, frequency, products[blockSize][kind]);
  const before = engine.bytesInUse;
  const create = (set) => (rule === "muon" ? muon(set) : CREATE[rule](set, { blockSize, frequency }));
  const { step, draw, dispose } = stepper(engine, layer, create);
  const bytes = (engine.bytesInUse - before) / (layer[0] * layer[1]) - 8;
  for (let k = 0; k < 2 * (frequency ?? 10); k++) step();
  const [passTimes, stepTimes] = [[], []];
  const end = performance.now() + 1000 * Number(given.seconds);
  while (performance.now() < end || stepTimes.length < 20) {
    if (stepTimes.length % 20 === 0) draw();
    passTimes.push(timed(run));
    stepTimes.push(timed(step));
  }
  dispose();
  return { counted: (operations / (6 * BATCH)) * median(passTimes), taken: median(stepTimes), bytes };
}

const table = new Table({
  head: ["rule", "blocks", "made every", ...LAYERS.map((layer) => layer.join(" x ")), "measured to count", "bytes"],
  style: { head: [], border: [], compact: true },
});
const runs = LAYERS.map(passes);
for (const run of runs) for (let k = 0; k < 30; k++) run();
for (const setting of settings) {
  const { rule, blockSize, frequency } = setting;
  const cells = LAYERS.map((layer, k) => measure(layer, runs[k], setting));
  table.push([
    rule,
    blockSize ?? "",
    frequency ?? "",
    ...cells.map(({ counted, taken }) => `${counted.toFixed(2)}, ${taken.toFixed(2)}`),
    cells.map(({ counted, taken }) => (taken / counted).toFixed(2)).join(" "),
    cells.map(({ bytes }) => bytes.toFixed(1)).join(" "),
  ]);
}
console.log(`milliseconds a step by count, and measured; bytes a weight beside parameters and gradients\n${table}`);
