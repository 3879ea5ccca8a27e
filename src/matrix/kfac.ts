/// <reference lib="esnext.disposable" preserve="true" />

import {
  belowOne,
  checkBoolean,
  checkInteger,
  checkNumber,
  checkOneOf,
  checkOptions,
  given,
  nonNegative,
} from "../check.js";
import { INSPECT, type Inspect } from "../inspect.js";
import { type Dtype, dtypes, type FloatArray } from "../memory/dtype.js";
import { defaultEngine, Engine } from "../memory/engine.js";
import { KroneckerFactor } from "./kronecker-factor.js";
import { checkLength, checkRows, checkSameType } from "./linalg/workspace.js";

export interface KfacOptions {
  /** Elements of an activation vector, >= 1. */
  readonly inputs: number;
  /** Elements of an output vector, >= 1. */
  readonly outputs: number;
  /** Whether there is a bias: as a weight of an input that is 1. Default `false`. */
  readonly bias?: boolean;
  /** Curvature lambda that is added in every direction, parted between the factors, >= 0. Default 1e-3. */
  readonly damping?: number;
  /** The greatest part of the factors that a batch leaves, in [0, 1). Default 0.95. */
  readonly decay?: number;
  /** Batches from one inversion to the next, an integer >= 1. Default 20. */
  readonly interval?: number;
  /**
   * Whether the output gradients are those of the mean loss over the batch, each a `1 / batch` of its sample's own, or of the
   * sum. Default `"mean"`.
   */
  readonly reduction?: "mean" | "sum";
  /** The weights as outputs x inputs (torch), or as inputs x outputs (TensorFlow). Default `"outputsFirst"`. */
  readonly layout?: "outputsFirst" | "inputsFirst";
  /** Element type of all arrays. Default `"float32"`. */
  readonly dtype?: Dtype;
  /** Where to work. Default `defaultEngine()`. */
  readonly engine?: Engine;
}

/** What `stateDict` gives. */
export interface KfacState {
  /** How many batches have been taken in. */
  readonly batches: number;
  /** How many had been when the factors were last inverted. */
  readonly inverted: number;
  readonly factors: Readonly<Record<"inputs" | "outputs" | "inputsInverse" | "outputsInverse", FloatArray>>;
}

type Settings = Required<Omit<KfacOptions, "engine">>;

const names = ["inputs", "outputs", "bias", "damping", "decay", "interval", "reduction", "layout", "dtype", "engine"];

const MOST = 2 ** 15;

const where = "kfac";

/** The curvature of one dense layer. Made by `kfac`. */
export class Kfac {
  readonly #settings: Settings;
  readonly #inputs: KroneckerFactor;
  readonly #outputs: KroneckerFactor;
  #batches = 0;
  #inverted = 0;
  #disposed = false;

  constructor(options: KfacOptions) {
    const { engine = defaultEngine(), ...settings } = resolve(options);
    if (!(engine instanceof Engine))
      throw new TypeError(`${where}: engine must come from load(), got ${given(engine)}`);
    this.#settings = settings;
    this.#inputs = new KroneckerFactor(where, engine, settings.dtype, this.#width);
    try {
      this.#outputs = new KroneckerFactor(where, engine, settings.dtype, settings.outputs);
    } catch (error) {
      this.#inputs.dispose();
      throw error;
    }
  }

  /** How many batches have been taken in. */
  get batches(): number {
    return this.#batches;
  }

  /**
   * Takes in a batch. With a the activations (and 1 for the bias) and g the gradients of one sample's loss, for which the output
   * gradients are multiplied by the batch under `reduction: "mean"`:
   *
   *     A <- kept A + (1 - kept) mean of a a^T,  G <- kept G + (1 - kept) mean of g g^T,  kept = min(1 - 1 / t, decay)
   *
   * @param activations batch x inputs, row after row
   * @param outputGradients batch x outputs: of the loss with respect to the layer's outputs, before their nonlinearity. For
   *   the Fisher matrix at targets drawn from the model; at those of the data it is the empirical one
   * @throws TypeError or RangeError for arrays of another type or length, or with NaN or infinities: nothing is changed then
   */
  accumulate(activations: FloatArray, outputGradients: FloatArray): void {
    this.#live();
    const { inputs, outputs, decay, reduction } = this.#settings;
    for (const [name, rows] of Object.entries({ activations, outputGradients })) {
      this.#check(name, rows);
      if (!rows.every(Number.isFinite))
        throw new RangeError(`${where}: ${name} must be finite, got NaN or an infinity`);
    }
    const batch = checkRows(where, "activations", activations, inputs, "inputs of every sample");
    checkLength(where, "outputGradients", outputGradients, batch * outputs, `${batch} x ${outputs}`);
    if (batch === 0) throw new RangeError(`${where}: activations must have a sample at least, got none`);
    const kept = Math.min(1 - 1 / (this.#batches + 1), decay);
    const weight = (1 - kept) / batch;
    this.#inputs.accumulate(this.#homogeneous(activations, batch), kept, weight);
    this.#outputs.accumulate(outputGradients, kept, reduction === "mean" ? weight * batch ** 2 : weight);
    this.#batches++;
  }

  /**
   * The gradient of the layer's weights to the natural gradient, in place, for any rule to step along:
   *
   *     W <- (G + sqrt(damping) / pi I)^-1 W (A + pi sqrt(damping) I)^-1,  pi^2 = mean eigenvalue of A / that of G
   *
   * Inverts the factors first if `interval` batches have come since they were.
   *
   * @param weights the gradient, of the shape that `layout` says
   * @param bias that of the bias, `outputs` elements: needed with the option `bias`, refused without
   * @throws RangeError for another length, or if a factor can't be inverted: with more damping it can, unless its numbers have
   *   grown beyond those of the dtype; Error before the first batch
   */
  precondition(weights: FloatArray, bias?: FloatArray): void {
    this.#live();
    const { inputs, outputs, layout } = this.#settings;
    this.#check("weights", weights);
    checkLength(where, "weights", weights, inputs * outputs, `${inputs} by ${outputs}`);
    this.#checkBias(bias);
    if (this.#batches === 0) throw new Error(`${where}: precondition() before the first accumulate()`);
    if (this.#inverted === 0 || this.#batches - this.#inverted >= this.#settings.interval) this.#invert();
    const joined = this.#join(weights, bias);
    const [first, last] = layout === "outputsFirst" ? [this.#outputs, this.#inputs] : [this.#inputs, this.#outputs];
    const [rows, columns] = layout === "outputsFirst" ? [outputs, this.#width] : [this.#width, outputs];
    this.#part(last.apply("right", first.apply("left", joined, columns), rows), weights, bias);
  }

  /** A copy of the factors and their inverses. */
  stateDict(): KfacState {
    this.#live();
    const factors = this.#factors();
    const copies = Object.entries(factors).map(([name, array]) => [name, array.slice()]);
    return { batches: this.#batches, inverted: this.#inverted, factors: Object.fromEntries(copies) };
  }

  /**
   * Takes over a state: what follows is bit for bit what would have followed.
   * @throws TypeError or RangeError, with nothing changed, for a state of another layer
   */
  loadStateDict({ batches, inverted, factors }: KfacState): void {
    this.#live();
    checkInteger(where, "batches", batches, 0, Number.MAX_SAFE_INTEGER);
    checkInteger(where, "inverted", inverted, 0, batches);
    const own = Object.entries(this.#factors());
    for (const [name, array] of own) {
      const given = factors[name as keyof typeof factors];
      this.#check(`factors.${name}`, given);
      checkLength(where, `factors.${name}`, given, array.length, "those of this layer");
    }
    for (const [name, array] of own) array.set(factors[name as keyof typeof factors]);
    this.#batches = batches;
    this.#inverted = inverted;
  }

  /** Frees the factors. Harmless when repeated. */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#inputs.dispose();
    this.#outputs.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  /** @internal */
  [INSPECT](_depth: number, style: object, inspect: Inspect): string {
    const { inputs, outputs } = this.#settings;
    return `Kfac ${inspect({ inputs, outputs, batches: this.#batches }, style)}`;
  }

  /** Inputs, and that of the bias. */
  get #width(): number {
    return this.#settings.inputs + Number(this.#settings.bias);
  }

  #factors(): KfacState["factors"] {
    return {
      inputs: this.#inputs.moment,
      outputs: this.#outputs.moment,
      inputsInverse: this.#inputs.inverse,
      outputsInverse: this.#outputs.inverse,
    };
  }

  #invert(): void {
    const [a, g] = [this.#inputs.meanEigenvalue(), this.#outputs.meanEigenvalue()];
    if (!Number.isFinite(a + g)) {
      const name = Number.isFinite(a) ? "output gradients" : "activations";
      throw new RangeError(
        `${where}: the second moment of the ${name} is beyond ${this.#settings.dtype}: they have grown too large`,
      );
    }
    const pi = a > 0 && g > 0 ? Math.sqrt(a / g) : 1;
    const root = Math.sqrt(this.#settings.damping);
    for (const [factor, ridge, name] of [
      [this.#inputs, pi * root, "activations"],
      [this.#outputs, root / pi, "output gradients"],
    ] as const) {
      if (!factor.invert(ridge)) {
        throw new RangeError(
          `${where}: damping must be greater for the factor of the ${name} to be inverted, got ${this.#settings.damping}`,
        );
      }
    }
    this.#inverted = this.#batches;
  }

  /** The activations with a 1 behind each. */
  #homogeneous(activations: FloatArray, batch: number): FloatArray {
    const { inputs, bias, dtype } = this.#settings;
    if (!bias) return activations;
    const rows = new dtypes[dtype].array(batch * this.#width).fill(1);
    for (let i = 0; i < batch; i++) rows.set(activations.subarray(i * inputs, (i + 1) * inputs), i * this.#width);
    return rows;
  }

  /** The weights and the bias as one matrix: it is the last column, or the last row if inputs come first. */
  #join(weights: FloatArray, bias: FloatArray | undefined): FloatArray {
    const { inputs, outputs, layout, dtype } = this.#settings;
    if (bias === undefined) return weights;
    const joined = new dtypes[dtype].array(outputs * this.#width);
    if (layout === "inputsFirst") {
      joined.set(weights);
      joined.set(bias, weights.length);
      return joined;
    }
    for (let i = 0; i < outputs; i++) {
      joined.set(weights.subarray(i * inputs, (i + 1) * inputs), i * this.#width);
      joined[(i + 1) * this.#width - 1] = bias[i]!;
    }
    return joined;
  }

  #part(joined: FloatArray, weights: FloatArray, bias: FloatArray | undefined): void {
    const { inputs, outputs, layout } = this.#settings;
    if (bias === undefined) {
      weights.set(joined);
    } else if (layout === "inputsFirst") {
      weights.set(joined.subarray(0, weights.length));
      bias.set(joined.subarray(weights.length));
    } else {
      for (let i = 0; i < outputs; i++) {
        weights.set(joined.subarray(i * this.#width, i * this.#width + inputs), i * inputs);
        bias[i] = joined[(i + 1) * this.#width - 1]!;
      }
    }
  }

  #check(name: string, value: unknown): void {
    checkSameType(where, name, value, "the layer", this.#settings.dtype);
  }

  #checkBias(bias: FloatArray | undefined): void {
    const { outputs } = this.#settings;
    if (this.#settings.bias !== (bias !== undefined)) {
      const [not, number] = this.#settings.bias ? ["", "one"] : ["not ", "none"];
      throw new TypeError(`${where}: bias must ${not}be given: the layer has ${number}`);
    }
    if (bias === undefined) return;
    this.#check("bias", bias);
    checkLength(where, "bias", bias, outputs, "one for each output");
  }

  #live(): void {
    if (this.#disposed) throw new Error(`${where}: used after dispose()`);
  }
}

function resolve(options: KfacOptions): Settings & { engine?: Engine } {
  checkOptions(where, options, names);
  const settings = {
    bias: false,
    damping: 1e-3,
    decay: 0.95,
    interval: 20,
    reduction: "mean",
    layout: "outputsFirst",
    dtype: "float32",
    ...Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)),
  } as Settings & { engine?: Engine };
  checkInteger(where, "inputs", settings.inputs, 1, MOST);
  checkInteger(where, "outputs", settings.outputs, 1, MOST);
  checkBoolean(where, "bias", settings.bias);
  checkNumber(where, "damping", settings.damping, nonNegative);
  checkNumber(where, "decay", settings.decay, belowOne);
  checkInteger(where, "interval", settings.interval, 1, Number.MAX_SAFE_INTEGER);
  checkOneOf(where, "reduction", settings.reduction, ["mean", "sum"]);
  checkOneOf(where, "layout", settings.layout, ["outputsFirst", "inputsFirst"]);
  checkOneOf(where, "dtype", settings.dtype, ["float32", "float64"]);
  return settings;
}

/**
 * K-FAC for a dense layer: its part of the Fisher matrix as a Kronecker product A (x) G of two second moments, of the
 * activations and of the gradients of the outputs, so that the natural gradient takes two small inverses:
 *
 * ```math
 * W <- G^(-1) W A^(-1)
 * ```
 *
 * One object a layer. After a backward pass `accumulate` takes what came in and what came back, `precondition` turns the
 * gradient of the weights into the direction in place, and any optimizer steps along it. A batch of b takes
 * b (inputs^2 + outputs^2) multiplications, a direction inputs outputs (inputs + outputs), an inversion inputs^3 + outputs^3.
 * With one linear layer and a Gaussian likelihood the direction without damping is the natural gradient, exactly.
 *
 * @param options `inputs` and `outputs`, in [1, 32768]; `bias` false; `damping` 1e-3, >= 0; `decay` 0.95 in [0, 1)
 *   (Martens and Grosse); `interval` 20, >= 1; `reduction` `"mean"` or `"sum"`; `layout` `"outputsFirst"` or `"inputsFirst"`;
 *   `dtype` `"float32"`; `engine` `defaultEngine()`. See {@link KfacOptions}
 * @returns a {@link Kfac} with `accumulate`, `precondition`, `stateDict`, `loadStateDict`, `dispose`
 * @throws TypeError or RangeError for options that are none, naming them
 *
 * @example
 * const layer = kfac({ inputs: 2, outputs: 1, damping: 0, dtype: "float64" });
 * layer.accumulate(new Float64Array([2, 0, 0, 1]), new Float64Array([0.5, 0.5])); // two samples of a mean
 * const gradient = new Float64Array([1, 1]);
 * layer.precondition(gradient); // gradient is now [0.5, 2]
 * @see Martens, Grosse, Optimizing Neural Networks with Kronecker-factored Approximate Curvature, 2015, sections 3, 5 and 6.3
 */
export function kfac(options: KfacOptions): Kfac {
  return new Kfac(options);
}
