// What the adapter needs of @jax-js/jax, which the user hands in. Its arrays are moved: who takes one as an argument uses it
// up, and `.ref` makes another hold on it.

import { given } from "../../check.js";

export interface HostArray {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly device: string;
  /** Both use up one hold on the array. */
  dataSync(): ArrayLike<number>;
  data(): Promise<ArrayLike<number>>;
  dispose(): void;
}

export interface Jax {
  readonly Array: abstract new (...operands: never[]) => unknown;
  readonly numpy: {
    array(values: Float32Array, options: { shape: number[]; device: never }): unknown;
  };
  readonly tree: {
    // biome-ignore lint/suspicious/noExplicitAny: the host's trees are generic where ours are not
    flatten(tree: any): [any[], any];
    // biome-ignore lint/suspicious/noExplicitAny: as above
    unflatten(structure: any, leaves: Iterable<any>): any;
  };
}

export function checkJax(where: string, jax: Jax): void {
  if (typeof jax?.numpy?.array === "function" && typeof jax.tree?.flatten === "function") return;
  throw new TypeError(`${where}: jax must be the module @jax-js/jax, got ${given(jax)}`);
}

/** The arrays of a tree and its structure. */
export function flatten(where: string, name: string, jax: Jax, tree: unknown): [HostArray[], unknown] {
  const [leaves, structure] = jax.tree.flatten(tree);
  for (const leaf of leaves) {
    if (!(leaf instanceof jax.Array)) {
      throw new TypeError(
        `${where}: ${name} must be arrays, got ${given(leaf)}; it runs outside of jit, grad and vmap only`,
      );
    }
    const { dtype } = leaf as unknown as HostArray;
    if (dtype !== "float32") throw new TypeError(`${where}: ${name} must be float32, got ${dtype}`);
  }
  return [leaves, structure];
}
