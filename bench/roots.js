import { kernels } from "schuss/kernels";
import { interleave, LocalCandidate, processorTime } from "./runner.js";
import { compose, dot, graded, orthonormal } from "./spectra.js";
import { median } from "./statistics.js";

const N = 128;

const POWER = -1 / 4;

/** Relative to the greatest eigenvalue. */
const RIDGE = 1e-6;

const CONDITIONS = [1e2, 1e6, 1e10];

/** The gradient error of the default, at condition 1e6. */
const bars = { f32: 3e-4, f64: 1e-11 };

const LINE = 64;

const arrays = { f32: Float32Array, f64: Float64Array };

/** |X A^(1/2)|: what X does to a gradient drawn with covariance A, in the mean. */
function gradientNorm(x, rows, values) {
  const n = rows.length;
  let squares = 0;
  rows.forEach((q, k) => {
    for (let i = 0; i < n; i++) squares += values[k] * dot(x.subarray(i * n, (i + 1) * n), q) ** 2;
  });
  return Math.sqrt(squares);
}

function layOut(dtype) {
  const bytes = arrays[dtype].BYTES_PER_ELEMENT;
  const square = Math.ceil((N * N * bytes) / LINE) * LINE;
  const memory = new WebAssembly.Memory({ initial: 1 });
  const table = kernels(memory, { variant: "strict" });
  const kernel = (name) => table[`${name}_${dtype}`];
  const [a, vectors, root, values, scratch] = [0, 1, 2, 3, 4].map((k) => LINE + k * square);
  const needed = Math.max(
    kernel("symmetricEigenScratch")(N),
    kernel("recomposeScratch")(N),
    kernel("spectralNormScratch")(N),
    kernel("coupledNewtonScratch")(N),
    kernel("newtonSchulzScratch")(N),
    kernel("gemmScratch")(N, N, N),
  );
  memory.grow(Math.ceil((scratch + needed) / 65536));
  const view = (pointer, length) => new arrays[dtype](memory.buffer, pointer, length);
  return { kernel, dtype, view, a, vectors, root, values, scratch };
}

/** As `inverseRoot` of schuss/linalg does with the iterations: the norm by 24 steps, an end at 1e-6 or 1e-12. */
const NORM_STEPS = 24;
const TOLERANCE = { f32: 1e-6, f64: 1e-12 };
const MOST_STEPS = 50;

/** By what an inverse root can be made: each returns a function that makes the root of what lies at `a`. */
const methods = {
  eigen: ({ kernel, view, a, vectors, root, values, scratch }) => {
    const [symmetricEigen, recompose] = [kernel("symmetricEigen"), kernel("recompose")];
    const list = view(values, N);
    return () => {
      symmetricEigen(N, a, N, values, vectors, N, scratch);
      const ridge = RIDGE * list[N - 1];
      for (let k = 0; k < N; k++) list[k] = (Math.max(list[k], 0) + ridge) ** POWER;
      recompose(N, vectors, N, values, root, N, scratch);
    };
  },
  "coupled Newton": ({ kernel, dtype, a, root, scratch }) => {
    const [spectralNorm, coupledNewton] = [kernel("spectralNorm"), kernel("coupledNewton")];
    return () => {
      const norm = spectralNorm(N, a, N, NORM_STEPS, scratch);
      const scale = 5 / (2 * norm * (1 + RIDGE));
      coupledNewton(N, 4, a, N, RIDGE * norm, scale, scale ** 0.25, TOLERANCE[dtype], MOST_STEPS, root, N, scratch);
    };
  },
  "Newton-Schulz": ({ kernel, dtype, a, vectors, root, scratch }) => {
    const [spectralNorm, newtonSchulz] = [kernel("spectralNorm"), kernel("newtonSchulz")];
    return () => {
      const norm = spectralNorm(N, a, N, NORM_STEPS, scratch);
      const limits = [TOLERANCE[dtype], MOST_STEPS];
      newtonSchulz(N, a, N, RIDGE * norm, norm * (1 + RIDGE), ...limits, vectors, N, root, N, scratch);
      newtonSchulz(N, vectors, N, 0, Math.sqrt(norm * (1 + RIDGE)), ...limits, vectors, N, root, N, scratch);
    };
  },
};

function product({ kernel, a, root, scratch }) {
  const gemm = kernel("gemm");
  return () => gemm(0, 0, N, N, N, 1, a, N, a, N, 0, root, N, scratch);
}

const repeated = (work) => (times) => {
  for (let k = 0; k < times; k++) work();
};

async function measure(method, dtype, condition, rows, context) {
  const values = graded(N, condition);
  const exact = compose(
    rows,
    values.map((value) => (value + RIDGE) ** POWER),
  );
  const place = layOut(dtype);
  place.view(place.a, N * N).set(compose(rows, values));
  const work = methods[method](place);
  work();
  const difference = Float64Array.from(place.view(place.root, N * N), (x, i) => x - exact[i]);
  const times = await interleave(
    [
      new LocalCandidate("root", repeated(work), { now: processorTime }),
      new LocalCandidate("product", repeated(product(place)), { now: processorTime }),
    ],
    { rounds: 5, milliseconds: context.milliseconds },
  );
  const error = gradientNorm(difference, rows, values) / gradientNorm(exact, rows, values);
  const judged = method === "eigen" && condition === 1e6;
  return {
    name: `inverse fourth root ${method}`,
    method,
    dtype,
    condition,
    relativeError: Math.sqrt(dot(difference, difference) / dot(exact, exact)),
    gradientError: error,
    products: median(times.root.map((time, round) => time / times.product[round])),
    bars: judged ? [{ what: "gradient error", atMost: bars[dtype], value: error, reached: error <= bars[dtype] }] : [],
  };
}

/**
 * Inverse fourth roots, (A + 1e-6 |A| I)^(-1/4), n = 128, eigenvalues in equal ratios: how far every method is off, and how
 * many products of the same size and type it takes.
 */
export async function measureRoots(context) {
  const label = "roots";
  if (!context.selected(label)) return [];
  const rows = orthonormal(N);
  const results = [];
  for (const method of Object.keys(methods)) {
    for (const dtype of Object.keys(arrays)) {
      for (const condition of CONDITIONS) {
        context.progress(`${label} ${method} ${dtype} ${condition}`);
        results.push(await measure(method, dtype, condition, rows, context));
      }
    }
  }
  return results;
}
