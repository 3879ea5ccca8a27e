// assembly/update/compressed/int8.ts: state of 8 bits in blocks of 256 elements. The codes and the bounds are explained
// there.

import type { Element, LinearMemory } from "../../element.js";
import { readOptions } from "../options.js";
import { bitsOf, chanceOf, fromBits } from "./bits.js";

const BLOCK = 256;

/** Where code 0 stands among the upper 12 bits of a float32. */
const SIGNED = (127 - 15) << 3;
const UNSIGNED = (127 - 31) << 3;

const { fround } = Math;

/** The least power of 2 that is at least x, up to 2^100; 0 for x below `least`; NaN for NaN. */
function powerAbove(x: number, least: number): number {
  if (Number.isNaN(x)) return x;
  if (x < least) return 0;
  return fromBits((bitsOf(Math.min(x, 2 ** 100)) + 0x7fffff) & 0x7f800000);
}

const inverse = (scale: number) => (scale === 0 ? 0 : fround(1 / scale));

/** What a code stands for, in multiples of the scale. */
const decodeUnsigned = (code: number) => fromBits((code + UNSIGNED) << 20);
const decodeMagnitude = (code: number) => fround(fromBits((code + SIGNED) << 20) - fromBits(SIGNED << 20));
const decodeSigned = (code: number) => (code & 128 ? -1 : 1) * decodeMagnitude(code & 127);

/** The upper 12 bits, rounded up or down by the upper 20 bits of a chance, as a code. */
const round = (f: number, chance: number, first: number) =>
  Math.max(0, Math.min(((bitsOf(f) + (chance >>> 12)) >>> 20) - first, 255));

/** A rule's constants and its step: BlockRule in the assembly. */
interface BlockRule {
  readonly sKeep: number;
  readonly sTake: number;
  /** Only if there is a t. */
  readonly tKeep?: number;
  readonly tTake?: number;
  /** Its step for a tensor of the given rate, whose gradient comes divided by `raw`. */
  step(rate: number, raw: number): (gradient: number, left: number, s: number, root: number) => number;
}

interface Pointers {
  readonly parameters: number;
  readonly gradients: number;
  readonly options: number;
  readonly s: number;
  readonly sScales: number;
  readonly t?: number;
  readonly tScales?: number;
}

function blockwiseStep(
  T: Element,
  memory: LinearMemory,
  n: number,
  at: Pointers,
  seed: number,
  rule: BlockRule,
): number {
  const P = T.view(memory, at.parameters, n);
  const G = T.view(memory, at.gradients, n);
  const S = new Uint8Array(memory.buffer, at.s, n);
  const Tee = at.t === undefined ? undefined : new Uint8Array(memory.buffer, at.t, n);
  const float = (pointer: number) => new Float32Array(memory.buffer, pointer);
  const sScales = float(at.sScales);
  const tScales = at.tScales === undefined ? undefined : float(at.tScales);
  const options = readOptions(memory, at.options, n);
  const { averages, clear, tensors } = options;
  const A = averages === 0 ? undefined : T.view(memory, averages, n);
  const limit = fround(options.clipValue);
  const farthest = fround(options.box);
  const taken = fround(options.averageWeight);
  const kept = fround(1 - options.averageWeight);
  const [sKeep, sTake, tKeep, tTake] = [rule.sKeep, rule.sTake, rule.tKeep ?? 0, rule.tTake ?? 0].map(fround) as [
    number,
    number,
    number,
    number,
  ];
  let count = 0;
  let start = 0;
  let block = 0;
  for (const tensor of tensors) {
    const [scale, l2, shrink] = [tensor.gradientScale, tensor.l2, tensor.shrink].map(fround) as [
      number,
      number,
      number,
    ];
    const everything = A !== undefined || Math.min(limit, farthest) !== Number.POSITIVE_INFINITY || tensor.l2 !== 0;
    const raw = everything ? 1 : scale;
    const sIntake = fround(sTake * raw);
    const tIntake = fround(fround(tTake * raw) * raw);
    const step = rule.step(fround(tensor.rate), raw);
    for (const tensorEnd = start + tensor.length; start < tensorEnd; block++) {
      const end = Math.min(start + BLOCK, tensorEnd);
      if (tensor.rate !== 0) {
        let largest = 0;
        let largestParameter = 0;
        let sCode = 0;
        let tCode = 0;
        for (let i = start; i < end; i++) {
          largest = Math.max(largest, Math.abs(G[i]!));
          largestParameter = Math.max(largestParameter, Math.abs(P[i]!));
          sCode = Math.max(sCode, S[i]! & 127);
          tCode = Math.max(tCode, Tee?.[i] ?? 0);
          if (!Number.isFinite(G[i]!)) count++;
        }
        let bound = Math.min(fround(Math.abs(scale) * largest), limit);
        if (tensor.l2 !== 0) bound = fround(bound + fround(Math.abs(l2) * largestParameter));
        const sLeft = fround(sKeep * sScales[block]!);
        const sAfter = powerAbove(fround(fround(sLeft * decodeMagnitude(sCode)) + fround(sTake * bound)), 2 ** -100);
        sScales[block] = sAfter;
        let tLeft = 0;
        let tAfter = 0;
        if (tScales !== undefined) {
          tLeft = fround(tKeep * tScales[block]!);
          const most = fround(tLeft * decodeUnsigned(tCode));
          tAfter = powerAbove(fround(most + fround(tTake * fround(bound * bound))), 2 ** -115);
          tScales[block] = tAfter;
        }
        for (let i = start; i < end; i++) {
          const parameter = P[i]!;
          let gradient = G[i]!;
          if (everything) {
            gradient = Math.max(Math.min(fround(scale * gradient), limit), -limit);
            if (tensor.l2 !== 0) gradient = fround(fround(l2 * parameter) + gradient);
          }
          const left = fround(sLeft * decodeSigned(S[i]!));
          const s = fround(fround(sIntake * gradient) + left);
          let t = 0;
          if (Tee !== undefined) {
            const kept = fround(tLeft * decodeUnsigned(Tee[i]!));
            t = fround(fround(fround(tIntake * gradient) * gradient) + kept);
          }
          const root = fround(Math.sqrt(t));
          const moved = fround(parameter - fround(fround(shrink * parameter) + step(gradient, left, s, root)));
          P[i] = Math.max(Math.min(moved, farthest), -farthest);
          if (A) A[i] = fround(fround(taken * P[i]!) + fround(kept * A[i]!));
          const chance = chanceOf(seed, i);
          const magnitude = fround(fround(Math.abs(s) * inverse(sAfter)) + fromBits(SIGNED << 20));
          const negative = Object.is(s, -0) || s < 0;
          S[i] = round(magnitude, chance, SIGNED) | (negative ? 128 : 0);
          if (Tee !== undefined) Tee[i] = round(fround(t * inverse(tAfter)), chance, UNSIGNED);
        }
      }
      if (clear) G.fill(0, start, end);
      start = end;
    }
  }
  return count;
}

/** As `adam`, with moments of 8 bits. */
export const adamInt8 =
  (memory: LinearMemory, T: Element) =>
  (
    n: number,
    parameters: number,
    gradients: number,
    options: number,
    firstMoments: number,
    firstScales: number,
    secondMoments: number,
    secondScales: number,
    beta1: number,
    intake1: number,
    beta2: number,
    intake2: number,
    stepSize: number,
    rootScale: number,
    epsilon: number,
    seed: number,
  ): number => {
    const at = {
      parameters,
      gradients,
      options,
      s: firstMoments,
      sScales: firstScales,
      t: secondMoments,
      tScales: secondScales,
    };
    const x = fround(fround(stepSize) / fround(rootScale));
    const y = fround(fround(epsilon) / fround(rootScale));
    return blockwiseStep(T, memory, n, at, seed, {
      sKeep: beta1,
      sTake: intake1,
      tKeep: beta2,
      tTake: intake2,
      step: (rate) => (_gradient, _left, s, root) => fround(fround(fround(x * rate) * s) / fround(root + y)),
    });
  };

/** As `momentum`, with buffers of 8 bits. */
export const momentumInt8 =
  (memory: LinearMemory, T: Element) =>
  (
    n: number,
    parameters: number,
    gradients: number,
    options: number,
    buffers: number,
    scales: number,
    learningRate: number,
    momentum: number,
    intake: number,
    gradientShare: number,
    bufferShare: number,
    seed: number,
  ): number => {
    const x = fround(fround(learningRate) * fround(bufferShare));
    const y = fround(fround(learningRate) * fround(gradientShare));
    return blockwiseStep(T, memory, n, { parameters, gradients, options, s: buffers, sScales: scales }, seed, {
      sKeep: momentum,
      sTake: intake,
      step(rate, raw) {
        const ofBuffer = fround(x * rate);
        const ofGradient = fround(fround(y * rate) * raw);
        return (gradient, _left, s) => fround(fround(ofBuffer * s) + fround(ofGradient * gradient));
      },
    });
  };

/** As `lion`, with moments of 8 bits. */
export const lionInt8 =
  (memory: LinearMemory, T: Element) =>
  (
    n: number,
    parameters: number,
    gradients: number,
    options: number,
    moments: number,
    scales: number,
    beta1: number,
    intake1: number,
    beta2: number,
    intake2: number,
    learningRate: number,
    seed: number,
  ): number => {
    const x = fround(fround(beta1) / fround(beta2));
    return blockwiseStep(T, memory, n, { parameters, gradients, options, s: moments, sScales: scales }, seed, {
      sKeep: beta2,
      sTake: intake2,
      step(rate, raw) {
        const ofGradient = fround(fround(intake1) * raw);
        const size = fround(fround(learningRate) * rate);
        return (gradient, left) => fround(size * Math.sign(fround(fround(ofGradient * gradient) + fround(x * left))));
      },
    });
  };
