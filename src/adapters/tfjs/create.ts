import type { serialization } from "@tensorflow/tfjs-core";
import { checkBoolean, checkNames, checkOptions, given } from "../../check.js";
import { type MuonOptions, muon, type ShampooOptions, type SoapOptions, shampoo, soap } from "../../matrix/index.js";
import type { CommonOptions } from "../../optimizers/common-options.js";
import * as rules from "../../optimizers/index.js";
import type { Schedule } from "../../schedules/index.js";
import type { Memory } from "./choose-bridge.js";
import { registerKernels } from "./kernels/register.js";
import { withoutRecords } from "./multipliers.js";
import { type Base, makeBase, type Parts, type TfjsOptimizer } from "./optimizer.js";
import { type Setting, type Spec, specs } from "./specs.js";
import type { Create } from "./stepper.js";
import type { TensorFlow } from "./tensorflow.js";
import { hostLayout, ownLayout } from "./weights.js";

/** Options of this package for one of TensorFlow.js's optimizers: all that the rule has, and where the memory is. */
export type TfjsOptions<Options = CommonOptions> = Omit<Options, "clearGradients" | "sharpness" | "engine"> & {
  /**
   * `"auto"` (default): kernels in the wasm backend's memory, views for the cpu backend, elsewhere TensorFlow.js's
   * operations, or copies for what these can't do; `"copies"`: kernels and copies in any case; `"operations"`:
   * TensorFlow.js's operations in any case.
   */
  readonly memory?: Memory;
  /** Reproduce a bug of TensorFlow.js by its name, as in `deviations`. Default `"none"`. */
  readonly faithfulToBug?: string;
};

type Own<Options = CommonOptions> = (learningRate?: number | Schedule, options?: TfjsOptions<Options>) => TfjsOptimizer;

/** See {@link createOptimizers}. */
export interface TfjsOptimizers {
  sgd(learningRate: number | Schedule, options?: TfjsOptions): TfjsOptimizer;
  momentum(
    learningRate: number | Schedule,
    momentum: number,
    useNesterov?: boolean,
    options?: TfjsOptions,
  ): TfjsOptimizer;
  adagrad(
    learningRate: number | Schedule,
    initialAccumulatorValue?: number,
    options?: TfjsOptions<rules.AdagradOptions>,
  ): TfjsOptimizer;
  adadelta(
    learningRate?: number | Schedule,
    rho?: number,
    epsilon?: number | null,
    options?: TfjsOptions,
  ): TfjsOptimizer;
  adam(
    learningRate?: number | Schedule,
    beta1?: number,
    beta2?: number,
    epsilon?: number | null,
    options?: TfjsOptions<rules.AdamOptions>,
  ): TfjsOptimizer;
  adamax(
    learningRate?: number | Schedule,
    beta1?: number,
    beta2?: number,
    epsilon?: number | null,
    decay?: number,
    options?: TfjsOptions,
  ): TfjsOptimizer;
  rmsprop(
    learningRate: number | Schedule,
    decay?: number,
    momentum?: number,
    epsilon?: number | null,
    centered?: boolean,
    options?: TfjsOptions,
  ): TfjsOptimizer;
  adamw: Own<rules.AdamOptions>;
  nadam: Own<rules.NadamOptions>;
  radam: Own<rules.RadamOptions>;
  lion: Own<rules.LionOptions>;
  lamb: Own<rules.LambOptions>;
  yogi: Own<rules.YogiOptions>;
  adabelief: Own<rules.AdabeliefOptions>;
  amsgrad: Own<rules.AmsgradOptions>;
  scheduleFree: Own<rules.ScheduleFreeAdamwOptions>;
  shampoo: Own<ShampooOptions>;
  soap: Own<SoapOptions>;
  muon: Own<MuonOptions>;
  /** Any other rule of this package, by its function: `from(schuss.yogi, { learningRate: 0.01 })`. */
  from<Options extends CommonOptions>(
    create: (target: rules.Target, options: Options) => rules.Optimizer,
    options?: TfjsOptions<Options>,
  ): TfjsOptimizer;
}

const own = {
  adamw: rules.adamw,
  nadam: rules.nadam,
  radam: rules.radam,
  lion: rules.lion,
  lamb: rules.lamb,
  yogi: rules.yogi,
  adabelief: rules.adabelief,
  amsgrad: rules.amsgrad,
  scheduleFree: rules.scheduleFreeAdamw,
  shampoo,
  soap,
  muon,
} as const;

/**
 * TensorFlow.js's optimizers with the step in WebAssembly, under their own names, arguments, class names, configurations
 * and weights, and rules that it has not. They are `tf.Optimizer`s: for `minimize`, `applyGradients`, `model.compile`, `fit`,
 * `save` and loading with their state.
 *
 * Behind TensorFlow.js's arguments there is one more, the options of this package: `weightDecay` with
 * `weightDecayMultiplier` by variable name, `clipNorm`, `average`, `accumulate`, `nonFinite` and the others of
 * {@link CommonOptions}; the learning rate may be a schedule. State belongs to variables by their name, so the variables may
 * be others at every step. What TensorFlow.js gets wrong is right here: Adadelta's denominator, centred RMSProp,
 * `setMomentum`, the leaks, Adamax's weights; `faithfulToBug` brings back the first two, by the names of `deviations`.
 *
 * On the wasm backend the kernels run in its own memory, without copies: a variable is written to where it is, and its data
 * get a new id in the backend, which so forgets the weights that it has packed; a threaded one is copied from and to, since
 * kernels are not compiled for shared memory. On the cpu backend the variables become views of the kernels' memory; what is read of
 * them with `data()` or `dataSync()` is a copy. Elsewhere (webgl, webgpu, node), which is said once, the steps are made of
 * TensorFlow.js's own operations, so that nothing is read back, with the same options. What they can't do is copied
 * from and to the kernels at every step: the rules of matrices, most of those that `from` takes,
 * `lookahead`, `stateStorage`, averages of kind "last", projections onto a ball, adaptive clipping by rows.
 *
 * @param tf your `@tensorflow/tfjs` or `@tensorflow/tfjs-core`
 * @param options.register whether models that are loaded with one of TensorFlow.js's optimizers get the one here. Default
 *   `false`
 * @param options.kernels whether two kernels of the backends, wasm and cpu, are replaced by those here: products of matrices
 *   (on wasm those with a transposed operand, which the gradients of dense layers are) and the gathering of rows, of which
 *   `fit` makes its batches. They are most of what a training takes beside the steps. Default `false`, for they are replaced
 *   in TensorFlow.js, for good and for all that use it; sums are rounded in another order, on cpu in float32 where
 *   TensorFlow.js has float64 within 48 terms; and the operands of the largest product yet have room kept for them
 * @returns `sgd`, `momentum`, `adagrad`, `adadelta`, `adam`, `adamax`, `rmsprop` as in `tf.train`; `adamw`, `nadam`, `radam`,
 *   `lion`, `lamb`, `yogi`, `adabelief`, `amsgrad`, `scheduleFree`, `shampoo`, `soap`, `muon` of a learning rate and options; `from` for every other
 *   rule
 * @throws TypeError for something that is not TensorFlow.js; Error for `kernels` before either backend was imported; of the optimizers, RangeError for options out of range
 *
 * @example
 * await tf.setBackend("cpu");
 * const w = tf.variable(tf.tensor1d([1, 2]));
 * // before: const optimizer = tf.train.adam(0.001);
 * const optimizer = createOptimizers(tf).adam(0.001);
 * optimizer.applyGradients({ [w.name]: tf.tensor1d([3, -4]) }); // or minimize(() => loss), or model.compile({ optimizer })
 */
export function createOptimizers(
  tf: TensorFlow,
  options: { readonly register?: boolean; readonly kernels?: boolean } = {},
): TfjsOptimizers {
  if (typeof tf?.Optimizer !== "function" || typeof tf.engine !== "function") {
    throw new TypeError(`createOptimizers: tf must be TensorFlow.js, got ${given(tf)}`);
  }
  checkOptions("createOptimizers", options, ["register", "kernels"]);
  if (checkBoolean("createOptimizers", "kernels", options.kernels ?? false)) registerKernels("createOptimizers", tf);
  const Base = makeBase(tf);

  const makers = Object.fromEntries(
    Object.entries(specs).map(([name, spec]) => {
      const Class = hostClass(tf, Base, name, spec);
      if (options.register) tf.serialization.registerClass(Class as never);
      return [name, (...args: unknown[]) => new Class(...args)];
    }),
  );

  const from = (create: unknown, settings: TfjsOptions = {}) =>
    new (ownClass(Base, create as Create, ruleName(create as Create)))(settings);
  const ownMakers = Object.fromEntries(
    Object.entries(own).map(([name, create]) => {
      const Class = ownClass(Base, create as Create, name);
      tf.serialization.registerClass(Class as never);
      const make = (learningRate?: number | Schedule, settings: TfjsOptions = {}) =>
        new Class(learningRate === undefined ? settings : { ...settings, learningRate });
      return [name, make];
    }),
  );
  return { ...makers, ...ownMakers, from } as unknown as TfjsOptimizers;
}

/** A class with one of TensorFlow.js's constructors, and the options behind its arguments. */
function hostClass(tf: TensorFlow, Base: Base, name: string, spec: Spec) {
  return class extends Base {
    static get className(): string {
      return spec.className;
    }

    /** A configuration names its values; what is not one of TensorFlow.js's is an option here. */
    static fromConfig<T extends serialization.Serializable>(
      cls: serialization.SerializableConstructor<T>,
      { options = {}, ...config }: serialization.ConfigDict,
    ): T {
      return new cls(...spec.positional.map(([key]) => config[key]), options);
    }

    constructor(...args: unknown[]) {
      super(hostParts(tf, name, spec, args));
    }
  };
}

/** A class for a rule that TensorFlow.js has not, made from options alone. */
function ownClass(Base: Base, create: Create, name: string) {
  return class extends Base {
    static get className(): string {
      return `Schuss${name[0]!.toUpperCase()}${name.slice(1)}`;
    }

    static fromConfig<T extends serialization.Serializable>(
      cls: serialization.SerializableConstructor<T>,
      // TensorFlow.js's layers put this one in beside what was saved.
      { customObjects: _, ...config }: serialization.ConfigDict,
    ): T {
      return new cls(config);
    }

    constructor(settings: TfjsOptions = {}) {
      super(ownParts(create, settings));
    }
  };
}

function hostParts(tf: TensorFlow, name: string, spec: Spec, args: readonly unknown[]): Parts {
  const config: Record<string, unknown> = {};
  for (const [k, [key, preset]] of spec.positional.entries()) {
    const value = args[k] ?? preset;
    config[key] = key === "epsilon" ? (value ?? tf.backend().epsilon()) : value;
    if (config[key] === undefined) throw new TypeError(`${name}: ${key} must be given`);
  }
  const { memory = "auto", ...options } = (args[spec.positional.length] ?? {}) as TfjsOptions & { memory?: Memory };
  checkOptions(name, options, Object.keys(options));
  for (const taken of ["clearGradients", "sharpness", "engine"]) {
    if (taken in options) checkNames(name, "option", { [taken]: 0 }, ["memory", "weightDecay", "clipNorm", "..."]);
  }
  const rate = config.learningRate;
  const rateOption = (learningRate: unknown) =>
    typeof learningRate === "function"
      ? learningRate
      : (spec.options({ ...config, learningRate } as never) as { learningRate: number | Schedule }).learningRate;
  const serializable = Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined && typeof value !== "function"),
  );
  return {
    className: spec.className,
    create: spec.create,
    options: {
      convention: "tfjs",
      ...spec.options(config as never),
      learningRate: rateOption(rate),
      ...options,
    } as CommonOptions,
    layout: hostLayout(ruleName(spec.create), spec.slots),
    memory,
    config: {
      ...(config as Record<string, Setting>),
      ...(Object.keys(serializable).length > 0 && { options: serializable }),
    } as serialization.ConfigDict,
    rateOption: rateOption as Parts["rateOption"],
  };
}

function ownParts(create: Create, { memory = "auto", ...options }: TfjsOptions & { memory?: Memory }): Parts {
  const name = ruleName(create, options as CommonOptions);
  return {
    className: name,
    create,
    options: withRate(create, options as CommonOptions),
    layout: ownLayout,
    memory,
    config: Object.fromEntries(
      Object.entries(options).filter(([, value]) => value !== undefined && typeof value !== "function"),
    ) as serialization.ConfigDict,
    rateOption: (rate) => rate,
  };
}

/** A rule's name, and its rate where none is given, are known to an optimizer of it. */
function probe<Result>(create: Create, options: CommonOptions, read: (optimizer: rules.Optimizer) => Result): Result {
  const optimizer = create({ probe: new Float32Array(1) }, withoutRecords(options));
  try {
    return read(optimizer);
  } finally {
    optimizer.dispose();
  }
}

const ruleName = (create: Create, options: CommonOptions = {}) => probe(create, options, ({ name }) => name);

const withRate = (create: Create, options: CommonOptions): CommonOptions =>
  options.learningRate !== undefined
    ? options
    : { ...options, learningRate: probe(create, options, ({ learningRate }) => learningRate) };
