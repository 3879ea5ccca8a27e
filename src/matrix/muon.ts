import { belowOne, checkArray, checkBoolean, checkInteger, checkNumber, checkOneOf, nonNegative } from "../check.js";
import { matrix } from "../engine/families/matrix.js";
import { update } from "../engine/families/update.js";
import type { ParameterSet } from "../memory/parameters.js";
import type { CommonOptions } from "../optimizers/common-options.js";
import { lastOne, type Matrix } from "../optimizers/matrix.js";
import { oneMinusPower } from "../optimizers/one-minus-power.js";
import { Optimizer } from "../optimizers/optimizer.js";
import type { Resolved } from "../optimizers/resolved.js";
import type { Stage, StagedRule } from "../optimizers/rule.js";
import type { Step } from "../optimizers/step.js";
import type { Target } from "../optimizers/target.js";
import type { WithEngine } from "../optimizers/with-engine.js";
import { cheaperForm, MUON_COEFFICIENTS } from "./linalg/orthogonalize.js";
import { refuseRows } from "./refuse-rows.js";
import { Scratch } from "./scratch.js";
import {
  admit,
  argumentsFor,
  isFrozen,
  leaveOut,
  moveAlong,
  prepare,
  slotPointer,
  suffixOf,
  type Tensor,
  tensorsOf,
} from "./tensors.js";

export interface MuonOptions extends CommonOptions {
  /** Factor of the velocity, in [0, 1). Default 0.95. */
  readonly momentum?: number;
  /** Orthogonalise the gradient plus `momentum` times the velocity rather than the velocity. Default `true`. */
  readonly nesterov?: boolean;
  /** Steps of the Newton-Schulz iteration, >= 0. Default 5. */
  readonly steps?: number;
  /** a, b, c of its polynomial. Default [3.4445, -4.775, 2.0315]. */
  readonly coefficients?: readonly [number, number, number];
  /** `"direct"`, or `"gram"` for the iteration on the small Gram matrix. Default `"auto"`: whichever is faster. */
  readonly form?: "auto" | "direct" | "gram";
  /**
   * The factor on the step of a matrix: `"adamw"` for 0.2 sqrt(max(rows, columns)), steps as large as AdamW's are, so that
   * one rate suits both; `"original"` for sqrt(max(1, rows / columns)); `"none"` for 1. Default `"adamw"`.
   */
  readonly scale?: "adamw" | "original" | "none";
  /** Whether matrices are orthogonalised; `false` leaves a group, of embeddings say, to AdamW. Default `true`. */
  readonly orthogonalize?: boolean;
  /** Decay of AdamW's first moment, in [0, 1). Default 0.9. */
  readonly beta1?: number;
  /** Decay of AdamW's second moment, in [0, 1). Default 0.999. */
  readonly beta2?: number;
  /** AdamW's, >= 0. Default 1e-8. */
  readonly epsilon?: number;
}

type Own = Required<Omit<MuonOptions, keyof CommonOptions>>;

/** What is orthogonalised: everything else is AdamW's. A single row or column would only be normalised. */
function matrixOf(sizes: readonly number[], { orthogonalize }: Pick<Own, "orthogonalize">): Matrix | undefined {
  const all = lastOne(sizes);
  return orthogonalize && all !== undefined && Math.min(all.rows, all.columns) > 1 ? all : undefined;
}

const product = (sizes: readonly number[]) => sizes.reduce((n, size) => n * size, 1);

function scaleOf(scale: Own["scale"], { rows, columns }: Matrix): number {
  if (scale === "adamw") return 0.2 * Math.sqrt(Math.max(rows, columns));
  return scale === "original" ? Math.sqrt(Math.max(1, rows / columns)) : 1;
}

const muonRule: StagedRule<Own> = {
  name: "muon",
  defaults: {
    learningRate: 1e-3,
    weightDecay: 0.1,
    decoupledWeightDecay: true,
    momentum: 0.95,
    nesterov: true,
    steps: 5,
    coefficients: MUON_COEFFICIENTS,
    form: "auto",
    scale: "adamw",
    orthogonalize: true,
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-8,
  },
  validate(where, options) {
    checkNumber(where, "momentum", options.momentum, belowOne);
    checkBoolean(where, "nesterov", options.nesterov);
    checkInteger(where, "steps", options.steps, 0, 100);
    checkArray(where, "coefficients", options.coefficients, 3, "a, b and c");
    const finite = { from: -Number.MAX_VALUE, to: Number.MAX_VALUE };
    options.coefficients.forEach((value, k) => void checkNumber(where, `coefficients[${k}]`, value, finite));
    checkOneOf(where, "form", options.form, ["auto", "direct", "gram"]);
    checkOneOf(where, "scale", options.scale, ["adamw", "original", "none"]);
    checkBoolean(where, "orthogonalize", options.orthogonalize);
    checkNumber(where, "beta1", options.beta1, belowOne);
    checkNumber(where, "beta2", options.beta2, belowOne);
    checkNumber(where, "epsilon", options.epsilon, nonNegative);
    refuseRows(where, options);
  },
  tensorwise: true,
  family: [update, matrix],
  slots(options) {
    const ofMatrices = (sizes: readonly number[]) => (matrixOf(sizes, options) ? product(sizes) : 0);
    const ofVectors = (sizes: readonly number[]) => (matrixOf(sizes, options) ? 0 : product(sizes));
    return [
      { name: "velocity", initial: 0, decay: options.momentum, shape: ofMatrices },
      { name: "firstMoment", initial: 0, decay: options.beta1, shape: ofVectors },
      { name: "secondMoment", initial: 0, decay: options.beta2, squared: true, shape: ofVectors },
    ];
  },
  stages: (options, set) => [new MuonStage(options, set)],
};

/** The steps of a group, tensor by tensor. */
class MuonStage implements Stage<Own> {
  readonly #options: Resolved<Own>;
  readonly #tensors: readonly (Tensor & { readonly matrix: Matrix | undefined })[];
  /** A direction, and what its orthogonalisation works in. */
  readonly #scratch: Scratch;

  constructor(options: Resolved<Own>, set: ParameterSet) {
    this.#options = options;
    this.#tensors = tensorsOf(set).map((tensor) => ({ ...tensor, matrix: matrixOf(tensor.sizes, options) }));
    const matrices = this.#tensors.filter(({ matrix }) => matrix !== undefined);
    const longest = Math.max(0, ...matrices.map(({ length }) => length));
    const suffix = suffixOf(set.dtype);
    this.#scratch = new Scratch(set, longest, (kernels) =>
      matrices.map(({ matrix: { rows, columns } = {} as Matrix }) =>
        kernels[`${this.#kernel(rows, columns)}Scratch_${suffix}`](rows, columns),
      ),
    );
  }

  run(step: Step<Own>): void {
    for (const tensor of this.#tensors) {
      if (isFrozen(step, tensor)) leaveOut(step, tensor);
      else if (tensor.matrix === undefined) this.#adamw(step, tensor);
      else this.#orthogonalized(step, tensor, tensor.matrix);
    }
  }

  dispose(): void {
    this.#scratch.dispose();
  }

  #adamw(step: Step<Own>, tensor: Tensor): void {
    const { beta1, beta2, epsilon } = this.#options;
    const stepSize = step.learningRate / oneMinusPower(beta1, step.t);
    const rootScale = 1 / Math.sqrt(oneMinusPower(beta2, step.t));
    const moments = ["firstMoment", "secondMoment"].map((slot) => slotPointer(step, slot, tensor));
    const scalars = [beta1, 1 - beta1, beta2, 1 - beta2, stepSize, rootScale, epsilon];
    step.nonFiniteCount += step.call("adam", ...argumentsFor(step, tensor), ...moments, ...scalars);
  }

  #orthogonalized(step: Step<Own>, tensor: Tensor, { rows, columns }: Matrix): void {
    const { momentum, nesterov, steps, coefficients, scale } = this.#options;
    const { length } = tensor;
    const direction = this.#scratch.vector;
    if (!admit(step, tensor)) return;
    prepare(step, tensor, direction);
    const velocity = slotPointer(step, "velocity", tensor);
    step.call("axpby", length, 1, direction, momentum, velocity);
    if (nesterov) step.call("axpy", length, momentum, velocity, direction);
    else step.call("copy", length, velocity, direction);
    const kernel = this.#kernel(rows, columns);
    const at = [direction, columns, direction, columns] as const;
    step.call(kernel, rows, columns, steps, ...coefficients, ...at, this.#scratch.work);
    moveAlong(step, tensor, direction, step.learningRate * scaleOf(scale, { rows, columns, matrices: 1 }));
  }

  #kernel(rows: number, columns: number): "orthogonalize" | "orthogonalizeGram" {
    const { form } = this.#options;
    return (form === "auto" ? cheaperForm(rows, columns) : form) === "gram" ? "orthogonalizeGram" : "orthogonalize";
  }
}

/**
 * Muon: matrices move along the orthogonal factor of their momentum, all singular values near 1, and everything else by
 * AdamW. Of a matrix of m rows and n columns:
 *
 * ```math
 * b <- momentum b + g
 * u = newtonSchulz(g + momentum b)        if nesterov
 * u = newtonSchulz(b)                     otherwise
 * r = 0.2 sqrt(max(m, n))                 if scale = "adamw"
 * r = sqrt(max(1, m / n))                 if scale = "original"
 * r = 1                                   if scale = "none"
 * p <- (1 - learningRate weightDecay) p - learningRate r u
 * ```
 *
 * where newtonSchulz(A) is X_0 = A / |A|_F, then `steps` times X <- (a I + b S + c S^2) X, S = X X^T: with the default
 * coefficients singular values end between 0.68 and 1.13. It is Shampoo without memory, whose L^(-1/4) G R^(-1/4) is U V^T
 * of G = U S V^T. Where one side is at least 1.5 times the other, the iteration runs on the Gram matrix.
 *
 * A tensor of more than two sizes is a matrix whose columns are its last. Vectors, single rows and columns go by AdamW, and so
 * does a group with `orthogonalize: false`: embeddings, the last layer. A record or list of arrays consists of vectors: only a
 * parameter set has shapes. A matrix with a gradient that is not finite is left out of the step, state and all, and named in
 * `groups[k].skippedTensors`. torch's `Muon` has `scale: "original"`, where rows are outputs; momentum enters there with the
 * factor 1 - momentum, which the orthogonalisation undoes. In float32 velocity and first moment count as 0 below 2^-100, second
 * moments below 2^-115, in float64 below 2^-960 and 2^-1011.
 *
 * @param target a parameter set, or a record or list of typed arrays
 * @param options `learningRate` 1e-3, `weightDecay` 0.1, `decoupledWeightDecay` true (both torch's), `momentum` 0.95 in [0, 1),
 *   `nesterov` true, `steps` 5, `coefficients` [3.4445, -4.775, 2.0315], `form` "auto", `scale` "adamw" (Moonlight's),
 *   `orthogonalize` true, `beta1` 0.9, `beta2` 0.999 and `epsilon` 1e-8 for AdamW; and the common ones, see
 *   {@link MuonOptions}
 * @throws TypeError or RangeError for options or targets that are none, naming them
 *
 * @example
 * const model = parameters({ weights: [2, 2], bias: 2 });
 * const coefficients = [1.875, -1.25, 0.375]; // these converge
 * const optimizer = muon(model, { learningRate: 1, weightDecay: 0, scale: "none", steps: 20, coefficients });
 * model.gradients.weights.set([3, 0, 0, 4]);
 * optimizer.step(); // model.values.weights is now [-1, 0, 0, -1] to rounding
 * @see Jordan et al., "Muon: An optimizer for hidden layers in neural networks", 2024; Liu et al., "Muon is scalable for LLM
 *   training", arXiv 2502.16982, 2025, for the scale
 */
export function muon(target: Target, options: MuonOptions & WithEngine = {}): Optimizer {
  return new Optimizer(muonRule, target, options) as Optimizer;
}
