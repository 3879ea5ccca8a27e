import { type Dtype, dtypeOf, type FloatArray, typed } from "../../memory/dtype.js";
import { Engine } from "../../memory/engine.js";
import { ParameterSet } from "../../memory/parameters.js";
import { type Holder, holdersOf, type Net, type ParamsAndGrads } from "./net.js";

/**
 * The tensors of a network in memory that the kernels work on. Where the network keeps them in plain arrays it is given
 * views of that memory in their place, and nothing is copied; else they are copied in and out.
 */
export class Place {
  readonly set: ParameterSet;
  readonly #net: Net<never, never>;
  /** A memory of its own: it does not grow once training has begun, so the views in the network stay live. */
  readonly #engine = new Engine();
  #names: readonly string[];

  constructor(where: string, net: Net<never, never>) {
    this.#net = net;
    const tensors = net.getParamsAndGrads();
    this.#names = tensors.map((_, k) => String(k));
    const shapes = Object.fromEntries(tensors.map(({ params }, k) => [k, params.length]));
    this.set = new ParameterSet(shapes, { dtype: commonDtype(where, tensors), engine: this.#engine });
  }

  /** Brings in what the network holds elsewhere, from now on here if that is possible. Returns what was only copied. */
  load(): readonly (() => void)[] {
    const tensors = this.#net.getParamsAndGrads();
    let holders: ReadonlyMap<FloatArray, Holder> | undefined;
    const returns: (() => void)[] = [];
    const { values, gradients } = this.set;
    for (const [k, { params, grads }] of tensors.entries()) {
      const [value, gradient] = [values[this.#names[k]!]!, gradients[this.#names[k]!]!];
      if (params === value && grads === gradient) continue;
      value.set(params);
      gradient.set(grads);
      holders ??= holdersOf(this.#net);
      const holder = holders.get(params);
      if (holder?.dw === grads) {
        holder.w = value;
        holder.dw = gradient;
      } else {
        returns.push(() => {
          params.set(value);
          grads.fill(0);
        });
      }
    }
    return returns;
  }

  /** The sum over the tensors of factor * |p|_1, or of factor * |p|^2 / 2. */
  penalty(norm: "l1" | "l2", factors: readonly number[]): number {
    const { engine, dtype, values } = this.set;
    const squaredNorm = typed(engine.kernels, "squaredNorm", dtype);
    return factors.reduce((sum, factor, k) => {
      if (factor === 0) return sum;
      const value = values[this.#names[k]!]!;
      if (norm === "l2") return sum + (factor / 2) * squaredNorm(value.length, value.byteOffset);
      let magnitudes = 0;
      for (let i = 0; i < value.length; i++) magnitudes += Math.abs(value[i]!);
      return sum + factor * magnitudes;
    }, 0);
  }

  /** Adds factor * sign(p) to the gradients; 0 counts as negative, as it does in both libraries. */
  addSigns(factors: readonly number[]): void {
    for (const [k, factor] of factors.entries()) {
      if (factor === 0) continue;
      const [value, gradient] = [this.set.values[this.#names[k]!]!, this.set.gradients[this.#names[k]!]!];
      for (let i = 0; i < value.length; i++) gradient[i]! += value[i]! > 0 ? factor : -factor;
    }
  }

  /** Gives the network arrays of its own again. */
  dispose(): void {
    if (this.set.disposed) return;
    const views = new Set<FloatArray>(Object.values(this.set.values));
    for (const [array, holder] of holdersOf(this.#net)) {
      if (!views.has(array)) continue;
      holder.w = holder.w.slice();
      holder.dw = holder.dw.slice();
    }
    this.set.dispose();
    this.#engine.dispose();
  }
}

function commonDtype(where: string, tensors: readonly ParamsAndGrads[]): Dtype {
  const dtypes = new Set(tensors.map(({ params }) => dtypeOf(params)));
  const [dtype] = dtypes;
  if (dtypes.size !== 1 || dtype === undefined) {
    throw new TypeError(`${where}: the parameters of the network must be arrays of one type of floats`);
  }
  return dtype;
}
