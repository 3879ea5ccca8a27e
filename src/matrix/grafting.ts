import { belowOne, checkNames, checkNumber, checkOneOf, given, nonNegative } from "../check.js";
import { oneMinusPower } from "../optimizers/one-minus-power.js";
import type { Slot } from "../optimizers/slot.js";

/**
 * Whose step gives a block's step its length, and is taken where there is no root yet: `"adam"` (default) and `"rmsprop"` with
 * `beta2` 0.999 in [0, 1) and `epsilon` 1e-8, `"adagrad"` with `epsilon` 1e-10, `"sgd"`; or `"none"`: the length is
 * Shampoo's own, and without roots the step is that of `"sgd"`.
 */
export type Grafting =
  | { readonly kind: "none" | "sgd" }
  | { readonly kind: "adagrad"; readonly epsilon?: number }
  | { readonly kind: "rmsprop" | "adam"; readonly beta2?: number; readonly epsilon?: number };

/** With everything decided: without a second moment beta2 is 0. */
interface Resolved {
  readonly kind: Grafting["kind"];
  readonly beta2: number;
  readonly epsilon: number;
}

function resolve(grafting: Grafting): Resolved {
  switch (grafting.kind) {
    case "adam":
    case "rmsprop":
      return { kind: grafting.kind, beta2: grafting.beta2 ?? 0.999, epsilon: grafting.epsilon ?? 1e-8 };
    case "adagrad":
      return { kind: grafting.kind, beta2: 1, epsilon: grafting.epsilon ?? 1e-10 };
    default:
      return { kind: grafting.kind, beta2: 0, epsilon: 0 };
  }
}

const hasSecondMoment = (kind: Grafting["kind"]) => kind !== "none" && kind !== "sgd";

export function checkGrafting(where: string, grafting: Grafting): void {
  if (typeof grafting !== "object" || grafting === null) {
    throw new TypeError(`${where}: grafting must be an object with a kind, got ${given(grafting)}`);
  }
  const kind = checkOneOf(where, "grafting.kind", grafting.kind, ["adam", "rmsprop", "adagrad", "sgd", "none"]);
  const own = kind === "adagrad" ? ["epsilon"] : hasSecondMoment(kind) ? ["beta2", "epsilon"] : [];
  checkNames(where, "option of grafting", grafting, ["kind", ...own]);
  const { beta2, epsilon } = resolve(grafting);
  if (kind !== "adagrad") checkNumber(where, "grafting.beta2", beta2, belowOne);
  checkNumber(where, "grafting.epsilon", epsilon, nonNegative);
}

/** The state that the grafted rule needs beside the first moment. */
export function graftingSlots(grafting: Grafting): readonly Slot[] {
  const { kind, beta2 } = resolve(grafting);
  if (!hasSecondMoment(kind)) return [];
  return [{ name: "secondMoment", initial: 0, ...(beta2 < 1 && { decay: beta2, squared: true }) }];
}

/** beta1, its intake, beta2, its intake, the factor on the first moment, that on the root of the second, epsilon. */
export type GraftingScalars = readonly [number, number, number, number, number, number, number];

/** Scalars of momentDirection at step t: the factor on the first moment is that of Adam for a rate of 1, times `rate`. */
export function graftingScalars(
  grafting: Grafting,
  t: number,
  { beta1, biasCorrection, rate }: { beta1: number; biasCorrection: boolean; rate: number },
): GraftingScalars {
  const { kind, beta2, epsilon } = resolve(grafting);
  const firstScale = biasCorrection ? rate / oneMinusPower(beta1, t) : rate;
  const rootScale = kind === "adam" ? 1 / Math.sqrt(oneMinusPower(beta2, t)) : 1;
  return [beta1, 1 - beta1, beta2, beta2 === 1 ? 1 : 1 - beta2, firstScale, rootScale, epsilon];
}
