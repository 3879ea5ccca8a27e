import { checkNumber, checkOneOf, checkOptions, positive } from "../check.js";

/** Adaptive gradient clipping (Brock et al. 2021) in full. */
export interface AdaptiveClipOptions {
  /** The greatest norm of the gradient over that of the parameters, > 0. Their paper has 0.01. */
  readonly ratio: number;
  /**
   * Of what the norms are taken: of each tensor, or unit by unit, of each row of a matrix, where a unit is what one index
   * of the first axis leaves: in layers `[outputs, inputs]` the weights of an output. Vectors are one unit. Default `"tensor"`.
   */
  readonly unit?: "tensor" | "row";
  /** What a norm of parameters counts as at least, > 0. Default 1e-3. */
  readonly least?: number;
}

/** The options, all decided; a number is the ratio. */
export function resolveAdaptiveClip(clip: number | AdaptiveClipOptions): Required<AdaptiveClipOptions> {
  const { ratio, unit = "tensor", least = 1e-3 } = typeof clip === "number" ? { ratio: clip } : clip;
  return { ratio, unit, least };
}

export function checkAdaptiveClip(where: string, clip: number | AdaptiveClipOptions): void {
  if (clip === Number.POSITIVE_INFINITY) return;
  if (typeof clip !== "object") {
    checkNumber(where, "adaptiveClip", clip, positive);
    return;
  }
  checkOptions(`${where}: adaptiveClip`, clip, ["ratio", "unit", "least"]);
  const { ratio, unit, least } = resolveAdaptiveClip(clip);
  checkNumber(where, "adaptiveClip.ratio", ratio, positive);
  checkOneOf(where, "adaptiveClip.unit", unit, ["tensor", "row"]);
  checkNumber(where, "adaptiveClip.least", least, positive);
}
