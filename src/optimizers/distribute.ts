import type { FloatArray } from "../memory/dtype.js";
import { type Arrays, entriesOf } from "./target.js";

/** The gradients of every group among those of all. */
export function distribute(
  where: string,
  gradients: Arrays,
  groups: readonly { readonly names: readonly string[] }[],
): readonly Arrays[] {
  const entries = entriesOf(where, "gradients", gradients);
  const groupOf = new Map(groups.flatMap(({ names }, k) => names.map((name) => [name, k] as const)));
  const own: Record<string, FloatArray>[] = groups.map(() => ({}));
  for (const [name, gradient] of entries) {
    const k = groupOf.get(name);
    if (k === undefined) throw new RangeError(`${where}: gradient "${name}" belongs to no parameter`);
    own[k]![name] = gradient;
  }
  return own;
}
