import { kernels } from "schuss/kernels";
import { kernelCases } from "./kernel-cases.js";
import { loops as loopsF32 } from "./plain.js?f32";
import { loops as loopsF64 } from "./plain.js?f64";
import { uniformFrom } from "./random.js";
import { interleave, LocalCandidate, RemoteCandidate, repeating } from "./runner.js";
import { median, speedup } from "./statistics.js";

const SIZES = [2 ** 8, 2 ** 14, 2 ** 20, 2 ** 22];

const types = {
  f32: { array: Float32Array, bytes: 4, loops: loopsF32 },
  f64: { array: Float64Array, bytes: 8, loops: loopsF64 },
};

const NAMES = ["x", "y", "z", "u", "w"];
const POSITIVE = ["u", "w"];
const LINE = 64;

/** A record as in assembly/update/options.ts: clipped, decayed, cleared. */
function writeOptions(view) {
  view.setFloat64(0, 0.5, true);
  view.setFloat64(8, Number.POSITIVE_INFINITY, true);
  view.setFloat64(24, 1e-9, true);
  view.setFloat64(56, Number.POSITIVE_INFINITY, true);
  view.setInt32(44, 1, true);
}

/** The five arrays, side by side in a memory of their own as the tensors of a parameter set are, and how to refill them. */
function layOut(dtype, n) {
  const { array, bytes } = types[dtype];
  const stride = Math.ceil((n * bytes) / LINE) * LINE;
  const memory = new WebAssembly.Memory({ initial: Math.ceil((NAMES.length * stride + 2 * LINE) / 65536) });
  const pointers = Object.fromEntries(NAMES.map((name, k) => [name, 2 * LINE + k * stride]));
  const arrays = Object.fromEntries(NAMES.map((name) => [name, new array(memory.buffer, pointers[name], n)]));
  const uniform = uniformFrom(1);
  const numbers = array.from({ length: Math.min(n, 2 ** 16) }, uniform);
  const refill = () => {
    for (const name of NAMES) {
      const least = POSITIVE.includes(name) ? 0.01 : -0.5;
      const start = numbers.map((number) => number + least);
      for (let i = 0; i < n; i += start.length) arrays[name].set(start, i);
    }
  };
  writeOptions(new DataView(memory.buffer, LINE));
  return { memory, pointers: { ...pointers, options: LINE }, arrays, refill };
}

function candidatesFor({ family, name = family, kernel, plain }, dtype, n, place, { variants, natives }) {
  const { memory, pointers, arrays } = place;
  return [
    new LocalCandidate("plain", repeating(types[dtype].loops[name], plain(arrays))),
    ...variants.map((variant) => {
      const table = kernels(memory, { variant });
      return new LocalCandidate(variant, repeating(table[`${family}_${dtype}`], [n, ...kernel(pointers)]));
    }),
    ...natives.map(
      (peer) =>
        new RemoteCandidate(peer.name, (milliseconds) => peer.ask(`loop ${name} ${dtype} ${n} ${milliseconds}`)),
    ),
  ];
}

/** What the memory can do at this moment: a copy of x onto y, timed among the others. Any numbers will do for them. */
function copyCandidate(dtype, n, { memory, pointers }) {
  const table = kernels(memory, { variant: "strict" });
  return new LocalCandidate("copy", repeating(table[`copy_${dtype}`], [n, pointers.x, pointers.y]));
}

async function timeCase(kernelCase, dtype, n, place, context) {
  const { family, name = family, traffic, bars = [] } = kernelCase;
  const candidates = candidatesFor(kernelCase, dtype, n, place, context);
  const outOfCache = n === SIZES.at(-1);
  if (outOfCache) candidates.push(copyCandidate(dtype, n, place));
  const times = await interleave(candidates, { ...context, beforeRound: place.refill });
  const variant = context.variants.reduce((a, b) => (median(times[b]) < median(times[a]) ? b : a));
  const { bytes } = types[dtype];
  const ours = median(times[variant]);
  const faster = Object.fromEntries(
    Object.keys(times)
      .filter((peer) => peer !== "copy")
      .map((peer) => [peer, speedup(times[variant], times[peer])]),
  );
  return {
    name,
    dtype,
    n,
    variant,
    nanosecondsPerElement: ours / n,
    gigabytesPerSecond: (traffic * bytes * n) / ours,
    shareOfCopy: outOfCache ? (traffic / 2) * speedup(times[variant], times.copy) : undefined,
    faster,
    bars: bars
      .filter(({ at, dtype: only = dtype, than }) => at === n && only === dtype && faster[than] !== undefined)
      .map(({ than, atLeast }) => ({ what: than, atLeast, value: faster[than], reached: faster[than] >= atLeast })),
    times,
  };
}

/** Every kernel at every size against the plain loop, C, and a copy of the same memory. */
export async function timeKernels(context) {
  const rows = [];
  for (const dtype of context.dtypes) {
    for (const n of SIZES) {
      const place = layOut(dtype, n);
      for (const kernelCase of kernelCases) {
        const label = `kernels ${kernelCase.name ?? kernelCase.family} ${dtype} ${n}`;
        if (!context.selected(label)) continue;
        context.progress(label);
        rows.push(await timeCase(kernelCase, dtype, n, place, context));
      }
    }
  }
  return rows;
}
