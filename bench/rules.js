// Every update rule through its optimizer, in cache and out of it: against the plain loop, and against what the memory can do.

import * as schuss from "schuss";
import { loops as adaptiveLoops } from "./cases/adaptive-loops.js";
import { loops as freeLoops } from "./cases/free-loops.js";
import { loops as momentumLoops } from "./cases/momentum-loops.js";
import { nameOf, ruleCases } from "./cases/rules.js";
import { loops as plainLoops } from "./plain.js?rules";
import { gaussianFrom, uniformFrom } from "./random.js";
import { interleave, LocalCandidate, repeating } from "./runner.js";
import { median, speedup } from "./statistics.js";

/** Matrices, so that the rules that look for them find some. */
const SHAPES = [
  [128, 128],
  [2048, 2048],
];
const functions = new Map(Object.entries(schuss));

const IN_CACHE = 128 * 128;
const OUT_OF_CACHE = 2048 * 2048;

/** The bytes that must move over the bandwidth of a copy: the share of it that rules of one pass are to reach. */
const BANDWIDTH_BAR = 0.85;

export const loops = { ...plainLoops, ...adaptiveLoops, ...freeLoops, ...momentumLoops };

/** A parameter set of one tensor for each of the shapes, with Gaussian gradients. */
export function makeModel(shapes, engine) {
  const model = schuss.parameters(shapes, { engine });
  const next = gaussianFrom(1);
  for (const name of Object.keys(shapes)) {
    for (const arrays of [model.values, model.gradients]) {
      const array = arrays[name];
      const start = Float32Array.from({ length: Math.min(array.length, 2 ** 16) }, next);
      for (let i = 0; i < array.length; i += start.length) array.set(start.subarray(0, array.length - i), i);
    }
  }
  return model;
}

/** The optimizer of a row, and a step of it with the gradients that the set holds. */
export function makeStep({ rule, options }, model, others = {}) {
  const optimizer = functions.get(rule)(model, { learningRate: 1e-9, ...options, ...others });
  const closure = () => undefined;
  return { optimizer, step: optimizer.needsClosure ? () => optimizer.step(closure) : () => optimizer.step() };
}

/** Arrays of a program that has no parameter sets. */
function plainArrays(n) {
  const uniform = uniformFrom(1);
  const array = (least) => Float32Array.from({ length: n }, () => uniform() + least);
  return { x: array(-0.5), y: array(-0.5), z: array(-0.5), u: array(0.01), w: array(0.01) };
}

async function timeRule(row, shape, engine, context) {
  const n = shape[0] * shape[1];
  const model = makeModel({ weights: shape }, engine);
  const other = schuss.parameters({ weights: shape }, { engine });
  const { optimizer, step } = makeStep(row, model);
  const compared = n === IN_CACHE && row.plain !== undefined;
  const copy = [n, model.valuesPointer, other.valuesPointer];
  const times = await interleave(
    [
      new LocalCandidate("step", repeating(step, [])),
      new LocalCandidate("copy", repeating(engine.kernels.copy_f32, copy)),
      ...(compared ? [new LocalCandidate("plain", repeating(loops[row.loop], row.plain(plainArrays(n))))] : []),
    ],
    context,
  );
  for (const owner of [optimizer, model, other]) owner.dispose();
  return {
    n,
    nanosecondsPerElement: median(times.step) / n,
    shareOfCopy: (row.traffic / 2) * speedup(times.step, times.copy),
    faster: compared ? speedup(times.step, times.plain) : undefined,
    times,
  };
}

function barsOf({ elementwise, bars }, inCache, outOfCache) {
  const made = [];
  if (bars !== undefined && inCache?.faster !== undefined) {
    made.push({ what: "plain", atLeast: bars, value: inCache.faster, reached: inCache.faster >= bars });
  }
  if (elementwise && outOfCache !== undefined) {
    const { shareOfCopy } = outOfCache;
    made.push({ what: "of copy", atLeast: BANDWIDTH_BAR, value: shareOfCopy, reached: shareOfCopy >= BANDWIDTH_BAR });
  }
  return made;
}

export async function timeRules(context) {
  const rows = [];
  const variant = context.variants.at(-1);
  const engine = await schuss.load({ variant });
  for (const row of ruleCases) {
    const name = nameOf(row);
    const measured = [];
    for (const shape of SHAPES) {
      const label = `rules ${name} ${shape[0] * shape[1]}`;
      if (!context.selected(label)) continue;
      context.progress(label);
      measured.push(await timeRule(row, shape, engine, context));
    }
    if (measured.length === 0) continue;
    const [inCache, outOfCache] = [IN_CACHE, OUT_OF_CACHE].map((size) => measured.find(({ n }) => n === size));
    const { elementwise, traffic, bound } = row;
    const bars = barsOf(row, inCache, outOfCache);
    rows.push({ name, variant, elementwise, bytes: 4 * traffic, bound, inCache, outOfCache, bars });
  }
  engine.dispose();
  return rows;
}
