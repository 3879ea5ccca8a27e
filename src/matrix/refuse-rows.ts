import type { CommonOptions } from "../optimizers/common-options.js";

/** Rows of matrices that are clipped have records of their own, of which a rule that takes tensors one by one knows none. */
export function refuseRows(where: string, { adaptiveClip }: Pick<CommonOptions, "adaptiveClip">): void {
  if (typeof adaptiveClip !== "object" || adaptiveClip.unit !== "row") return;
  throw new RangeError(`${where}: adaptiveClip by rows can't go with a rule of whole matrices`);
}
