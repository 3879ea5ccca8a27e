import { kernels } from "schuss/kernels";
import { gaussianFrom } from "./random.js";
import { interleave, LocalCandidate, processorTime, repeating } from "./runner.js";
import { median, speedup } from "./statistics.js";

const SHAPES = [
  [64, 64],
  [128, 128],
  [256, 256],
  [512, 512],
  [128, 512],
  [128, 784],
  [256, 1024],
];

/** Muon's. */
const STEPS = 5;
const COEFFICIENTS = [3.4445, -4.775, 2.0315];

const MOST_PRODUCTS = 12;
const MOST_OF_DIRECT = 0.52;

const LINE = 64;

const whole = (bytes) => Math.ceil(bytes / LINE) * LINE;

/** The two forms and one product of the small side's square with the matrix, on the same Gaussian matrix, f32. */
function candidatesFor(m, n) {
  const small = Math.min(m, n);
  const memory = new WebAssembly.Memory({ initial: 1 });
  const table = kernels(memory, { variant: "strict" });
  const rectangle = whole(4 * m * n);
  const [a, x, square, scratch] = [
    LINE,
    LINE + rectangle,
    LINE + 2 * rectangle,
    LINE + 2 * rectangle + whole(4 * small * small),
  ];
  const needed = Math.max(table.orthogonalizeScratch_f32(m, n), table.orthogonalizeGramScratch_f32(m, n));
  memory.grow(Math.ceil((scratch + needed) / 65536));
  const gaussian = gaussianFrom(m * n);
  for (const [pointer, length] of [
    [a, m * n],
    [square, small * small],
  ]) {
    new Float32Array(memory.buffer, pointer, length).forEach((_, i, numbers) => {
      numbers[i] = gaussian();
    });
  }
  const args = [m, n, STEPS, ...COEFFICIENTS, a, n, x, n, scratch];
  const candidate = (name, kernel, args) =>
    new LocalCandidate(name, repeating(kernel, args), { now: processorTime, samples: 1 });
  return [
    candidate("direct", table.orthogonalize_f32, args),
    candidate("Gram", table.orthogonalizeGram_f32, args),
    candidate("product", table.gemm_f32, [0, 0, m, n, m, 1, square, m, a, n, 0, x, n, scratch]),
  ];
}

/** Five Newton-Schulz steps, direct and on the Gram matrix, in products of the small side's square with the matrix. */
export async function timeOrthogonalize(context) {
  const rows = [];
  for (const [m, n] of SHAPES) {
    const label = `orthogonalize ${m} x ${n}`;
    if (!context.selected(label)) continue;
    context.progress(label);
    const times = await interleave(candidatesFor(m, n), context);
    const [direct, gram] = ["direct", "Gram"].map((form) => 1 / speedup(times[form], times.product));
    const ratio = 1 / speedup(times.Gram, times.direct);
    rows.push({
      name: label,
      m,
      n,
      direct,
      gram,
      ratio,
      milliseconds: median(times.direct) / 1e6,
      bars: [
        ...(m === n
          ? [{ what: "products, direct", atMost: MOST_PRODUCTS, value: direct, reached: direct <= MOST_PRODUCTS }]
          : []),
        ...(n >= 4 * m
          ? [{ what: "Gram to direct", atMost: MOST_OF_DIRECT, value: ratio, reached: ratio <= MOST_OF_DIRECT }]
          : []),
      ],
      times,
    });
  }
  return rows;
}
