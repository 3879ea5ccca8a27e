import { given } from "../../check.js";
import { type ParameterSet, parameters } from "../../memory/parameters.js";
import type { Optimizer } from "../../optimizers/optimizer.js";
import type { WithEngine } from "../../optimizers/with-engine.js";
import { checkJax, flatten, type HostArray, type Jax } from "./host.js";

/** Any rule of this package: `adamw`, `lion`, `lamb`, ... */
// biome-ignore lint/suspicious/noExplicitAny: every rule has options of its own, and checks them
export type Rule = (target: ParameterSet, options: any) => Optimizer;

/** The rule's own options, and where the state lives. */
export type RuleOptions = WithEngine & Readonly<Record<string, unknown>>;

/** What optax calls a state: a tree of arrays, here of one that counts the steps and stands for the rest. */
// biome-ignore lint/suspicious/noExplicitAny: the host's array type, which is not imported
export type OptState = { count: any };

/** optax's two nouns. Trees may be of any of the host's array types. */
export interface GradientTransformation {
  /** Uses up `parameters`, as every function of the host does; pass `tree.ref(parameters)` to keep them. */
  init(parameters: unknown): OptState;
  /**
   * Uses up all three. `parameters` are read where they are given; without them the rule works from 0, which is the same for
   * rules without decay.
   */
  // biome-ignore lint/suspicious/noExplicitAny: a tree of the host's arrays
  update(updates: any, state: OptState, parameters?: any): [any, OptState];
  /** As `update`, without waiting for the device on the main thread. */
  // biome-ignore lint/suspicious/noExplicitAny: a tree of the host's arrays
  updateAsync(updates: any, state: OptState, parameters?: any): Promise<[any, OptState]>;
  /** The optimizer behind a state, for `stateDict()` and `loadStateDict()`. Uses nothing up. */
  optimizer(state: OptState): Optimizer;
  /** Frees what a state stands for, and uses it up. */
  dispose(state: OptState): void;
}

/** What a state stands for. */
interface Resident {
  readonly set: ParameterSet;
  readonly optimizer: Optimizer;
  readonly shapes: readonly (readonly number[])[];
  /** The only state that may be used: the newest. */
  current: object;
  steps: number;
}

const WHERE = "gradientTransformation";

/**
 * A `GradientTransformation` for `@jax-js/jax` that runs any rule of this package.
 *
 *     [updates, state] = transformation.update(gradients, state, parameters);  parameters + updates is the next point
 *
 * It runs eagerly: outside of `jit`, `grad` and `vmap`, since the host has no calls into foreign code. Gradients are copied
 * in and updates out. The moments stay in the kernels' memory; a state is a handle on them, an array that counts, and only
 * the newest can be used: one can't go back to an earlier state but through `optimizer(state).stateDict()`.
 *
 * Every argument is used up, as anywhere in the host; nothing is left behind.
 *
 * @param jax the module `@jax-js/jax`
 * @param rule the rule, of `schuss`: `adamw`, `lion`, ...
 * @param options the rule's options, with its defaults
 * @returns `init`, `update`, `updateAsync`, `optimizer`, `dispose`
 * @throws TypeError for what is not that module or no rule; in `update` for traced values, other dtypes or shapes, and a state
 *   that is not the newest
 *
 * @example
 * // before: const transformation = optax.adamw(1e-3);
 * const transformation = gradientTransformation(jax, adamw, { learningRate: 1e-3 });
 * let state = transformation.init(jax.tree.ref(weights));
 * const gradients = jax.grad(loss)(jax.tree.ref(weights));
 * let updates;
 * [updates, state] = transformation.update(gradients, state, jax.tree.ref(weights));
 * weights = jax.tree.map((w, u) => w.add(u), weights, updates);
 * @see optax, `GradientTransformation`
 */
export function gradientTransformation(jax: Jax, rule: Rule, options: RuleOptions = {}): GradientTransformation {
  checkJax(WHERE, jax);
  if (typeof rule !== "function") throw new TypeError(`${WHERE}: rule must be one of schuss's, got ${given(rule)}`);
  const residents = new WeakMap<object, Resident>();

  const handle = (resident: Resident, device: string): OptState => {
    const count = toHost(jax, Float32Array.of(resident.steps), [], device) as object;
    resident.current = count;
    residents.set(count, resident);
    return { count };
  };

  function residentOf(state: OptState): Resident {
    const count = state?.count;
    const resident = typeof count === "object" && count !== null ? residents.get(count) : undefined;
    if (resident === undefined)
      throw new TypeError(`${WHERE}: state must come from init or update, got ${given(state)}`);
    if (resident.current !== count) {
      throw new TypeError(`${WHERE}: state must be the newest, of step ${resident.steps}: earlier ones are gone`);
    }
    return resident;
  }

  /** Checks everything before anything is used up. */
  function begin(updates: unknown, state: OptState, params: unknown) {
    const resident = residentOf(state);
    const [gradients, structure] = flatten(WHERE, "updates", jax, updates);
    checkShapes("updates", gradients, resident.shapes);
    const values = params === undefined ? undefined : flatten(WHERE, "parameters", jax, params)[0];
    if (values) checkShapes("parameters", values, resident.shapes);
    return { resident, gradients, structure, values };
  }

  function finish(
    { resident, gradients, structure }: ReturnType<typeof begin>,
    state: OptState,
    data: readonly ArrayLike<number>[],
    before: readonly ArrayLike<number>[] | undefined,
  ): [unknown, OptState] {
    const { set, optimizer, shapes } = resident;
    for (const [k, values] of data.entries()) set.gradients[k]!.set(values);
    for (let k = 0; k < shapes.length; k++) {
      if (before) set.values[k]!.set(before[k]!);
      else set.values[k]!.fill(0);
    }
    optimizer.step();
    resident.steps++;
    const results = shapes.map((shape, k) => {
      const moved = set.values[k]!.slice() as Float32Array;
      const start = before?.[k];
      if (start) for (let i = 0; i < moved.length; i++) moved[i]! -= start[i]!;
      return toHost(jax, moved, shape, gradients[k]!.device);
    });
    const next = handle(resident, gradients[0]?.device ?? state.count.device);
    state.count.dispose();
    return [jax.tree.unflatten(structure, results), next];
  }

  return {
    init(params) {
      const [leaves] = flatten(WHERE, "parameters", jax, params);
      const shapes = leaves.map(({ shape }) => [...shape]);
      const { engine } = options;
      const set = parameters(Object.fromEntries(shapes.map((shape, k) => [k, shape])), engine && { engine });
      const { engine: _, ...rest } = options;
      const optimizer = rule(set, rest);
      const state = handle({ set, optimizer, shapes, current: set, steps: 0 }, leaves[0]?.device ?? "wasm");
      for (const leaf of leaves) leaf.dispose();
      return state;
    },
    update(updates, state, params) {
      const begun = begin(updates, state, params);
      const read = (leaf: HostArray) => leaf.dataSync();
      return finish(begun, state, begun.gradients.map(read), begun.values?.map(read));
    },
    async updateAsync(updates, state, params) {
      const begun = begin(updates, state, params);
      const read = (leaves: readonly HostArray[]) => Promise.all(leaves.map((leaf) => leaf.data()));
      const data = await read(begun.gradients);
      return finish(begun, state, data, begun.values && (await read(begun.values)));
    },
    optimizer: (state) => residentOf(state).optimizer,
    dispose(state) {
      const { optimizer, set } = residentOf(state);
      residents.delete(state.count);
      state.count.dispose();
      optimizer.dispose();
      set.dispose();
    },
  };
}

const toHost = (jax: Jax, values: Float32Array, shape: readonly number[], device: string): unknown =>
  jax.numpy.array(values, { shape: [...shape], device: device as never });

function checkShapes(name: string, leaves: readonly HostArray[], shapes: readonly (readonly number[])[]): void {
  const given = leaves.map(({ shape }) => `[${shape}]`).join(", ");
  const wanted = shapes.map((shape) => `[${shape}]`).join(", ");
  if (given !== wanted) throw new TypeError(`${WHERE}: ${name} must be of the shapes of init, ${wanted}, got ${given}`);
}
