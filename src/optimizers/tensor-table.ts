import { paddedLength } from "../memory/layout.js";
import type { ParameterSet } from "../memory/parameters.js";
import { resolveAdaptiveClip } from "./adaptive-clip.js";
import type { ResolvedCommon } from "./common-options.js";
import { columnSlotLength, type Matrix, rowSlotLength } from "./matrix.js";
import { factors } from "./multiplier.js";
import type { TensorInfo } from "./pass-options.js";
import type { Resolved } from "./resolved.js";
import type { Rule } from "./rule.js";

/**
 * A record for every tensor of a set, or for every row of one where rows are clipped; undefined where all are treated
 * alike.
 */
export function tensorTable<Own extends object>(
  rule: Rule<Own>,
  options: ResolvedCommon & Resolved<Own>,
  set: ParameterSet,
): readonly TensorInfo[] | undefined {
  const { learningRateMultiplier, weightDecayMultiplier, independentWeightDecay, clipTensorNorm, adaptiveClip } =
    options;
  const none = Number.POSITIVE_INFINITY;
  const clips = clipTensorNorm !== none || adaptiveClip !== none;
  const where = rule.name;
  if (clips && rule.layerwise) {
    throw new RangeError(`${where}: clipTensorNorm and adaptiveClip can't go with a rule that scales tensors itself`);
  }
  if (rule.layerwise === "gradients" && options.clipValue !== none) {
    throw new RangeError(`${where}: clipValue can't go with a rule that scales the gradients of tensors`);
  }
  const byRow = adaptiveClip !== none && resolveAdaptiveClip(adaptiveClip).unit === "row";
  if (byRow && clipTensorNorm !== none) {
    throw new RangeError(`${where}: clipTensorNorm can't go with adaptiveClip by rows`);
  }
  if (!learningRateMultiplier && !weightDecayMultiplier && !clips && !rule.layerwise && !rule.tensorwise)
    return undefined;
  const names = [...set.layout.places.keys()];
  const rates = factors(where, "learningRateMultiplier", learningRateMultiplier, names);
  if (options.projection?.kind === "ball" && rates.includes(0)) {
    throw new RangeError(`${where}: a projection onto a ball moves all parameters, and can't go with frozen ones`);
  }
  const decays = factors(where, "weightDecayMultiplier", weightDecayMultiplier, names);
  return names.flatMap((name, k) => {
    const sizes = set.shapes[name]!;
    const { length } = set.layout.places.get(name)!;
    const slots = (elements: number) => paddedLength(elements, set.dtype);
    const info: TensorInfo = {
      length: set.layout.stride(name),
      l2: decays[k]!,
      shrink: decays[k]! * (independentWeightDecay ? 1 : rates[k]!),
      rate: rates[k]!,
      ...(rule.matrix && { matrix: inMatrices(rule.matrix(sizes, options), length, slots) }),
    };
    return byRow ? rowsOf(info, sizes) : [info];
  });
}

/** What the table says of matrices; a vector has no rows, and all its elements in one. */
function inMatrices(matrix: Matrix | undefined, length: number, slots: (elements: number) => number) {
  const { rows, columns, matrices } = matrix ?? { rows: 0, columns: length, matrices: 1 };
  const rowSlots = slots(rowSlotLength([length], matrix));
  return { rows, columns, matrices, rowSlots, columnSlots: slots(columnSlotLength(matrix)) };
}

/** The rows of a tensor, of which the last has the padding; a vector is one. */
function rowsOf(info: TensorInfo, sizes: readonly number[]): readonly TensorInfo[] {
  const rows = sizes.length < 2 ? 1 : sizes[0]!;
  if (rows < 2) return [info];
  const columns = sizes.slice(1).reduce((product, size) => product * size, 1);
  return Array.from({ length: rows }, (_, row) => ({
    ...info,
    length: row < rows - 1 ? columns : info.length - columns * row,
  }));
}
