import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import { kernels } from "schuss/kernels";
import { gaussianFrom } from "./random.js";
import { interleave, LocalCandidate, processorTime, repeating } from "./runner.js";
import { median } from "./statistics.js";

const SIZES = [32, 64, 128, 256, 512];

/** ml-matrix takes a second at 512. */
const LARGEST_FOR_ML_MATRIX = 256;

/** What is to be reached, by size: how long `of` may take in times of `than`, or how many times as fast it must be. */
const bars = [
  { what: "GEMMs", of: "eigen", than: "gemm", atMost: { 32: 28, 64: 15, 128: 10, 256: 7.5, 512: 6 } },
  { what: "f64/f32", of: "eigen f64", than: "eigen", atMost: { 32: 2.4, 64: 2.4, 128: 2.4, 256: 2.4, 512: 2.4 } },
  { what: "ml-matrix", of: "eigen", than: "ml-matrix", atLeast: { 32: 7, 64: 9, 128: 14, 256: 19 } },
  { what: "QR GEMMs", of: "qr", than: "gemm", atMost: { 64: 4.5, 128: 3, 256: 2.3, 512: 2 } },
];

const LINE = 64;

const arrays = { f32: Float32Array, f64: Float64Array };

/** A symmetric matrix of normal elements, as rows one after the other. */
function symmetricMatrix(n) {
  const gaussian = gaussianFrom(n);
  const matrix = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) matrix[i * n + j] = matrix[j * n + i] = gaussian();
  return matrix;
}

/** The matrix in a memory of its own, two of its size for results, a list, and scratch for all there is. */
function layOut(variant, dtype, n) {
  const bytes = arrays[dtype].BYTES_PER_ELEMENT;
  const square = Math.ceil((n * n * bytes) / LINE) * LINE;
  const memory = new WebAssembly.Memory({ initial: 1 });
  const table = kernels(memory, { variant });
  const kernel = (name) => table[`${name}_${dtype}`];
  const [a, b, c, values, scratch] = [0, 1, 2, 3, 4].map((k) => LINE + k * square);
  const needed = Math.max(
    kernel("gemmScratch")(n, n, n),
    kernel("symmetricEigenScratch")(n),
    kernel("qrScratch")(n, n),
    kernel("refreshBasisScratch")(n),
    kernel("recomposeScratch")(n),
  );
  memory.grow(Math.ceil((scratch + needed) / 65536));
  for (const place of [a, b]) new arrays[dtype](memory.buffer, place, n * n).set(symmetricMatrix(n));
  return { kernel, n, a, b, c, values, scratch };
}

const calls = {
  gemm: ({ n, a, b, c, scratch }) => [0, 0, n, n, n, 1, a, n, b, n, 0, c, n, scratch],
  symmetricEigen: ({ n, a, c, values, scratch }) => [n, a, n, values, c, n, scratch],
  qr: ({ n, a, b, c, scratch }) => [n, n, a, n, b, n, c, n, scratch],
  refreshBasis: ({ n, a, b, values, scratch }) => [n, a, n, b, n, values, scratch],
  recompose: ({ n, a, c, values, scratch }) => [n, a, n, values, c, n, scratch],
};

function own(name, family, variant, dtype, n) {
  const place = layOut(variant, dtype, n);
  return new LocalCandidate(name, repeating(place.kernel(family), calls[family](place)), { now: processorTime });
}

function mlMatrix(n) {
  const matrix = Matrix.from1DArray(n, n, symmetricMatrix(n));
  const decompose = (a) => new EigenvalueDecomposition(a, { assumeSymmetric: true });
  return new LocalCandidate("ml-matrix", repeating(decompose, [matrix]), { now: processorTime, samples: 1 });
}

function candidatesFor(n, { variants }) {
  return [
    own("gemm", "gemm", "strict", "f32", n),
    own("eigen", "symmetricEigen", "strict", "f32", n),
    own("eigen f64", "symmetricEigen", "strict", "f64", n),
    ...(variants.includes("relaxed") ? [own("eigen relaxed", "symmetricEigen", "relaxed", "f32", n)] : []),
    own("qr", "qr", "strict", "f32", n),
    own("basis", "refreshBasis", "strict", "f32", n),
    own("recompose", "recompose", "strict", "f32", n),
    ...(n <= LARGEST_FOR_ML_MATRIX ? [mlMatrix(n)] : []),
  ];
}

function summarize(n, times) {
  /** How long `of` takes in times of `than`, each round compared with itself. */
  const cost = (of, than) =>
    times[of] && times[than] ? median(times[of].map((time, round) => time / times[than][round])) : undefined;
  return {
    name: "eigen",
    n,
    microseconds: median(times.eigen) / 1000,
    cost,
    bars: bars
      .filter(({ atMost, atLeast }) => (atMost ?? atLeast)[n] !== undefined)
      .map(({ what, of, than, atMost, atLeast }) => {
        const value = atMost ? cost(of, than) : 1 / cost(of, than);
        const asked = atMost ? { atMost: atMost[n] } : { atLeast: atLeast[n] };
        return { what, ...asked, value, reached: atMost ? value <= atMost[n] : value >= atLeast[n] };
      }),
    times,
  };
}

/** Eigendecomposition and QR of square matrices, in products of the same size and against ml-matrix. */
export async function timeEigen(context) {
  const rows = [];
  for (const n of SIZES) {
    const label = `eigen ${n}`;
    if (!context.selected(label)) continue;
    context.progress(label);
    const times = await interleave(candidatesFor(n, context), { ...context, beforeRound: () => {} });
    rows.push(summarize(n, times));
  }
  return rows;
}
