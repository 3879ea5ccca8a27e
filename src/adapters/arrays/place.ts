import { type Dtype, dtypeOf, type FloatArray, typed } from "../../memory/dtype.js";
import { Engine } from "../../memory/engine.js";
import { ParameterSet } from "../../memory/parameters.js";
import { type Holder, holdersOf, type Net, type ParamsAndGrads } from "./net.js";

/** The tensors of the set in their order, as long as the memory is this one. */
interface Views {
  readonly buffer: object;
  readonly values: readonly FloatArray[];
  readonly gradients: readonly FloatArray[];
}

/** What the network holds of a tensor, and what of it is not the kernels' memory. */
interface Held {
  readonly params: FloatArray;
  readonly grads: FloatArray;
  readonly copiesParams: boolean;
  readonly copiesGrads: boolean;
}

/**
 * The tensors of a network in memory that the kernels work on. Where the network can be given views of that memory in the
 * place of its arrays nothing is copied; else they are copied in and out.
 */
export class Place {
  readonly set: ParameterSet;
  readonly #net: Net<never, never>;
  /** A memory of its own: it does not grow once training has begun, so the views in the network stay live. */
  readonly #engine = new Engine();
  #views: Views | undefined;
  #held: Held[] = [];

  constructor(where: string, net: Net<never, never>) {
    this.#net = net;
    const tensors = net.getParamsAndGrads();
    const shapes = Object.fromEntries(tensors.map(({ params }, k) => [k, params.length]));
    this.set = new ParameterSet(shapes, { dtype: commonDtype(where, tensors), engine: this.#engine });
  }

  get bytesInUse(): number {
    return this.#engine.bytesInUse;
  }

  /** Brings in what the network holds elsewhere, from now on here if that is possible. */
  load(): void {
    const tensors = this.#net.getParamsAndGrads();
    const { values, gradients } = this.#live();
    const held = this.#held;
    let holders: ReadonlyMap<FloatArray, Holder> | undefined;
    for (let k = 0; k < tensors.length; k++) {
      const { params, grads } = tensors[k]!;
      const known = held[k];
      if (known?.params === params && known.grads === grads) {
        if (known.copiesParams) values[k]!.set(params);
        if (known.copiesGrads) gradients[k]!.set(grads);
        continue;
      }
      values[k]!.set(params);
      gradients[k]!.set(grads);
      holders ??= holdersOf(this.#net);
      held[k] = hand(holders.get(params), tensors[k]!, values[k]!, gradients[k]!);
    }
  }

  /** Gives back what was only copied. */
  store(): void {
    const { values } = this.#live();
    for (const [k, { params, grads, copiesParams, copiesGrads }] of this.#held.entries()) {
      if (copiesParams) params.set(values[k]!);
      if (copiesGrads) grads.fill(0);
    }
  }

  /** The sum over the tensors of factor * |p|_1, or of factor * |p|^2 / 2. */
  penalty(norm: "l1" | "l2", factors: readonly number[]): number {
    const { values } = this.#live();
    const { engine, dtype } = this.set;
    const squaredNorm = typed(engine.kernels, "squaredNorm", dtype);
    return factors.reduce((sum, factor, k) => {
      if (factor === 0) return sum;
      const value = values[k]!;
      if (norm === "l2") return sum + (factor / 2) * squaredNorm(value.length, value.byteOffset);
      let magnitudes = 0;
      for (let i = 0; i < value.length; i++) magnitudes += Math.abs(value[i]!);
      return sum + factor * magnitudes;
    }, 0);
  }

  /** Adds factor * sign(p) to the gradients; 0 counts as negative, as it does in both libraries. */
  addSigns(factors: readonly number[]): void {
    const { values, gradients } = this.#live();
    for (const [k, factor] of factors.entries()) {
      if (factor === 0) continue;
      const [value, gradient] = [values[k]!, gradients[k]!];
      for (let i = 0; i < value.length; i++) gradient[i]! += value[i]! > 0 ? factor : -factor;
    }
  }

  /** The views in lists: asking the set for every one by its name took three quarters of an update of 397 tensors. */
  #live(): Views {
    const { buffer } = this.#engine.memory;
    if (this.#views?.buffer !== buffer) {
      const { values, gradients } = this.set;
      this.#views = { buffer, values: Object.values(values), gradients: Object.values(gradients) };
      this.#held = [];
    }
    return this.#views;
  }

  /** Gives the network arrays of its own again. */
  dispose(): void {
    if (this.set.disposed) return;
    const { buffer } = this.#engine.memory;
    for (const holder of holdersOf(this.#net).values()) {
      if (holder.w.buffer === buffer) holder.w = holder.w.slice();
      if (holder.dw.buffer === buffer) holder.dw = holder.dw.slice();
    }
    this.set.dispose();
    this.#engine.dispose();
  }
}

/**
 * Gives a network views in the place of its arrays. toygrad's parameters stay where they are: it saves an array with all the
 * memory that it is a view of.
 */
function hand(
  holder: Holder | undefined,
  { params, grads }: ParamsAndGrads,
  value: FloatArray,
  gradient: FloatArray,
): Held {
  if (holder === undefined || holder.dw !== grads) return { params, grads, copiesParams: true, copiesGrads: true };
  const isPlain = params.constructor === value.constructor;
  if (isPlain) holder.w = value;
  // Of the network's own class, so that V8 goes on with the code that it has compiled for it.
  const View = grads.constructor as typeof Float32Array;
  holder.dw = new View(gradient.buffer as ArrayBuffer, gradient.byteOffset, gradient.length);
  return { params: holder.w, grads: holder.dw, copiesParams: !isPlain, copiesGrads: false };
}

function commonDtype(where: string, tensors: readonly ParamsAndGrads[]): Dtype {
  const dtypes = new Set(tensors.map(({ params }) => dtypeOf(params)));
  const [dtype] = dtypes;
  if (dtypes.size !== 1 || dtype === undefined) {
    throw new TypeError(`${where}: the parameters of the network must be arrays of one type of floats`);
  }
  return dtype;
}
