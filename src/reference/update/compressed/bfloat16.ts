import type { Element, LinearMemory } from "../../element.js";
import { pass, type Update } from "../pass.js";
import { bitsOf, chanceOf, fromBits } from "./bits.js";

const LEAST = 2 ** -100;
const LEAST_SQUARE = 2 ** -115;

const { fround } = Math;

/** An array of 16 bits an element, each the upper half of an f32. */
class Halves {
  readonly #halves: Uint16Array;
  readonly #seed: number;

  constructor(memory: LinearMemory, pointer: number, n: number, seed: number) {
    this.#halves = new Uint16Array(memory.buffer, pointer, n);
    this.#seed = seed;
  }

  get(i: number): number {
    return fromBits(this.#halves[i]! << 16);
  }

  /** Rounds up or down by chance, of the lower or the upper half of its bits; what is below `least` becomes 0. */
  set(i: number, x: number, half: "lower" | "upper", least: number): void {
    const chance = chanceOf(this.#seed, i);
    const random = half === "lower" ? chance & 0xffff : chance >>> 16;
    // NaN is not below anything.
    const kept = Math.abs(x) < least ? 0 : bitsOf(x);
    this.#halves[i] = (kept + random) >>> 16;
  }
}

/** As `adam`, with moments of 16 bits. */
export const adamBfloat16 =
  (memory: LinearMemory, T: Element) =>
  (
    n: number,
    parameters: number,
    gradients: number,
    options: number,
    firstMoments: number,
    secondMoments: number,
    beta1: number,
    intake1: number,
    beta2: number,
    intake2: number,
    stepSize: number,
    rootScale: number,
    epsilon: number,
    seed: number,
  ): number => {
    const M = new Halves(memory, firstMoments, n, seed);
    const V = new Halves(memory, secondMoments, n, seed);
    const [b1, a1, b2, a2, rate, rooting, eps] = [beta1, intake1, beta2, intake2, stepSize, rootScale, epsilon].map(
      fround,
    ) as [number, number, number, number, number, number, number];
    const update: Update = (g, i) => {
      const first = fround(fround(a1 * g) + fround(b1 * M.get(i)));
      const second = fround(fround(fround(a2 * g) * g) + fround(b2 * V.get(i)));
      M.set(i, first, "lower", LEAST);
      V.set(i, second, "upper", LEAST_SQUARE);
      const root = fround(fround(rooting * fround(Math.sqrt(second))) + eps);
      return fround(fround(rate * first) / root);
    };
    return pass(T, memory, n, parameters, gradients, options, update);
  };

/** As `momentum`, with buffers of 16 bits. */
export const momentumBfloat16 =
  (memory: LinearMemory, T: Element) =>
  (
    n: number,
    parameters: number,
    gradients: number,
    options: number,
    buffers: number,
    learningRate: number,
    momentum: number,
    intake: number,
    gradientShare: number,
    bufferShare: number,
    seed: number,
  ): number => {
    const B = new Halves(memory, buffers, n, seed);
    const [rate, decay, take, fromGradient, fromBuffer] = [
      learningRate,
      momentum,
      intake,
      gradientShare,
      bufferShare,
    ].map(fround) as [number, number, number, number, number];
    return pass(T, memory, n, parameters, gradients, options, (g, i) => {
      const buffer = fround(fround(take * g) + fround(decay * B.get(i)));
      B.set(i, buffer, "lower", LEAST);
      return fround(rate * fround(fround(fromBuffer * buffer) + fround(fromGradient * g)));
    });
  };

/** As `lion`, with moments of 16 bits. */
export const lionBfloat16 =
  (memory: LinearMemory, T: Element) =>
  (
    n: number,
    parameters: number,
    gradients: number,
    options: number,
    moments: number,
    beta1: number,
    intake1: number,
    beta2: number,
    intake2: number,
    learningRate: number,
    seed: number,
  ): number => {
    const M = new Halves(memory, moments, n, seed);
    const [b1, a1, b2, a2, rate] = [beta1, intake1, beta2, intake2, learningRate].map(fround) as [
      number,
      number,
      number,
      number,
      number,
    ];
    return pass(T, memory, n, parameters, gradients, options, (g, i) => {
      const before = M.get(i);
      const direction = fround(fround(a1 * g) + fround(b1 * before));
      M.set(i, fround(fround(a2 * g) + fround(b2 * before)), "lower", LEAST);
      return fround(rate * Math.sign(direction));
    });
  };
