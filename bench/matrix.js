import { kernels } from "schuss/kernels";
import { startBlasPeers } from "./peers/blas.js";
import { mlMatrixProduct, startTfjs } from "./peers/javascript-products.js";
import { startNativeProducts } from "./peers/native.js";
import { uniformFrom } from "./random.js";
import { interleave, LocalCandidate, processorTime, RemoteCandidate, repeating } from "./runner.js";
import { median, speedup } from "./statistics.js";

const SIZES = [32, 33, 64, 100, 128, 256, 512];

const LARGE = [64, 128, 256, 512];

/** What is to be reached: how many times as fast `of` must be as `than`, at which sizes. */
const bars = [
  { what: "C", of: "strict", than: "C", atLeast: 0.8, at: [32] },
  { what: "C", of: "strict", than: "C", atLeast: 0.88, at: LARGE },
  { what: "128-bit limit", of: "strict", than: "limit", atLeast: 0.87, at: LARGE },
  { what: "TF.js", of: "strict", than: "TF.js", atLeast: 1.1, at: LARGE },
  { what: "ml-matrix", of: "strict", than: "ml-matrix", atLeast: 35, at: LARGE },
  { what: "relaxed/strict", of: "relaxed", than: "strict", atLeast: 1.15, at: LARGE },
  { what: "f64/f32", of: "f64", than: "strict", atLeast: 0.47, at: LARGE },
  { what: "A transposed", of: "tn", than: "strict", atLeast: 0.93, at: LARGE },
  { what: "B transposed", of: "nt", than: "strict", atLeast: 0.93, at: LARGE },
  { what: "symmetric", of: "lower", than: "strict", atLeast: 1.5, at: [64] },
  { what: "symmetric", of: "lower", than: "strict", atLeast: 1.7, at: [128] },
  { what: "symmetric", of: "lower", than: "strict", atLeast: 1.8, at: [256, 512] },
];

const LINE = 64;

const arrays = { f32: Float32Array, f64: Float64Array };

/** A product in a memory of its own: `call` gets the kernels of the type, the size and where A, B, C and scratch are. */
function ownProduct(name, variant, dtype, n, call) {
  const bytes = arrays[dtype].BYTES_PER_ELEMENT;
  const square = Math.ceil((n * n * bytes) / LINE) * LINE;
  const memory = new WebAssembly.Memory({ initial: 1 });
  const table = kernels(memory, { variant });
  const [a, b, c, scratch] = [LINE, LINE + square, LINE + 2 * square, LINE + 3 * square];
  memory.grow(Math.ceil((scratch + table[`gemmScratch_${dtype}`](n, n, n)) / 65536));
  const uniform = uniformFrom(1);
  new arrays[dtype](memory.buffer, a, (2 * square) / bytes).forEach((_, i, numbers) => {
    numbers[i] = uniform() - 0.5;
  });
  const [kernel, args] = call(table, { n, a, b, c, scratch });
  return new LocalCandidate(name, repeating(kernel, args), { now: processorTime });
}

const plain =
  (transposeA, transposeB, dtype = "f32") =>
  (table, { n, a, b, c, scratch }) => [
    table[`gemm_${dtype}`],
    [transposeA, transposeB, n, n, n, 1, a, n, b, n, 0, c, n, scratch],
  ];

const symmetric = (table, { n, a, c, scratch }) => [table.gemmLower_f32, [0, 1, n, n, 1, a, n, a, n, 0, c, n, scratch]];

function candidatesFor(n, { variants, peers, tfjs }) {
  return [
    ...variants.map((variant) => ownProduct(variant, variant, "f32", n, plain(0, 0))),
    ownProduct("tn", "strict", "f32", n, plain(1, 0)),
    ownProduct("nt", "strict", "f32", n, plain(0, 1)),
    ownProduct("lower", "strict", "f32", n, symmetric),
    ownProduct("f64", "strict", "f64", n, plain(0, 0, "f64")),
    new LocalCandidate("TF.js", tfjs.product(n), { now: processorTime }),
    new LocalCandidate("ml-matrix", mlMatrixProduct(n), { now: processorTime, samples: 1 }),
    ...peers
      .filter(({ multipleOf = 1 }) => n % multipleOf === 0)
      .map(
        ({ name, ask }) =>
          new RemoteCandidate(name, (milliseconds) => ask(`${name === "C" ? "gemm " : ""}f32 ${n} ${milliseconds}`)),
      ),
    ...peers
      .filter(({ name }) => name === "C")
      .map(
        ({ ask }) =>
          new RemoteCandidate("limit", async (milliseconds) => 2 * n ** 3 * (await ask(`peak f32 0 ${milliseconds}`))),
      ),
  ];
}

async function timeProduct(n, context, tools) {
  const times = await interleave(candidatesFor(n, { ...tools, variants: context.variants }), context);
  const faster = (of, than) => (times[of] && times[than] ? speedup(times[of], times[than]) : undefined);
  return {
    name: `${n} x ${n}`,
    dtype: "f32",
    n,
    gigaflops: (2 * n ** 3) / median(times.strict),
    faster,
    bars: bars
      .filter(({ at, of, than }) => at.includes(n) && faster(of, than) !== undefined)
      .map(({ what, of, than, atLeast }) => ({
        what,
        atLeast,
        value: faster(of, than),
        reached: faster(of, than) >= atLeast,
      })),
    times,
  };
}

/** Products of square matrices: ours in all forms, the same loops in C, what 128 bits can do, and other libraries. */
export async function timeMatrix(context) {
  const sizes = SIZES.filter((n) => context.selected(`matrix gemm ${n}`));
  if (sizes.length === 0) return { rows: [], peers: [] };
  const native = startNativeProducts(context.folder);
  const peers = [...(native ? [native] : []), ...startBlasPeers(context.folder)];
  const tfjs = await startTfjs();
  const rows = [];
  for (const n of sizes) {
    context.progress(`matrix gemm ${n}`);
    rows.push(await timeProduct(n, context, { peers, tfjs }));
  }
  for (const peer of peers) peer.dispose();
  return { rows, peers: [...peers, tfjs].map(({ name, version }) => ({ name, version })) };
}
