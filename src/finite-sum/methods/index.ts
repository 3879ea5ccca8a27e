import type { LinearModel } from "../model.js";
import type { MultiModel } from "../multi-model.js";
import type { Oracle } from "../oracle.js";
import type { BatchStepContext, Solver, StepContext, TableContext } from "../solver.js";
import type { BatchMethod } from "./batch.js";
import { lbfgs } from "./lbfgs.js";
import { minibatchSgd, minibatchSvrg } from "./minibatch.js";
import { newton } from "./newton.js";
import { proximalGradient } from "./proximal-gradient.js";
import { katyusha, recursive, storm } from "./recursive.js";
import { sagLike } from "./sag.js";
import { dual } from "./sdca.js";
import { sgd } from "./sgd.js";
import { svrg } from "./svrg.js";

/** How the rows of a pass are drawn: see `sampling` in {@link MinimizeOptions}. */
export type SamplingName = "blocks" | "permuted" | "uniform" | "inOrder" | "lipschitz";

export const SAMPLINGS = [
  "blocks",
  "permuted",
  "uniform",
  "inOrder",
  "lipschitz",
] as const satisfies readonly SamplingName[];

/** What a method can take beside the losses and l2. */
type Reach =
  /** nothing */
  | "square"
  /** l1 */
  | "l1"
  /** l1, on dense rows bounds too */
  | "separable"
  /** every penalty */
  | "all";

interface Common {
  readonly reach: Reach;
  /** Whether it needs a derivative without jumps. */
  readonly smooth: boolean;
  /** Whether it needs an l2, since it works on the dual. */
  readonly needsL2: boolean;
  /** The least number of passes it can make. */
  readonly leastPasses: number;
}

/** A method that goes from row to row, in kernels for one output. */
export interface StepMethodInfo extends Common {
  readonly kind: "steps";
  /** The first is the standard, or the second where the first does not suit the rows: see `standardOf`. */
  readonly samplings: readonly [SamplingName, ...SamplingName[]];
  readonly stepSize: (model: LinearModel, weighted: boolean) => number;
  /** Its step is 1 / (times L), where it can be searched for. */
  readonly times?: number;
  /** Whether steps of its own size may grow where passes are slow. */
  readonly grows?: boolean;
  readonly run: (context: StepContext) => Solver;
  /** The same for several outputs. */
  readonly multi?: Multi;
  /** The same from batch to batch. */
  readonly batched?: Batched;
}

/** A method that goes from row to row, for several outputs. */
export interface Multi {
  readonly stepSize: (model: Oracle, weighted: boolean) => number;
  readonly run: (context: TableContext<MultiModel>) => Solver;
}

/** A method that goes from batch to batch, for any number of outputs. */
interface Batched {
  readonly stepSize: (model: Oracle, batchSize: number) => number;
  readonly run: (context: BatchStepContext) => Solver;
}

export interface BatchStepMethodInfo extends Common, Batched {
  readonly kind: "batches";
}

/** A method that takes full gradients. */
export interface BatchMethodInfo extends Common {
  readonly kind: "batch";
  /** Whether it takes one output alone. */
  readonly single?: boolean;
  readonly run: BatchMethod;
}

/**
 * SVRG and SGD take more passes by blocks, whatever the rows: on a9a sorted by label and by a margin more than 80 of SVRG to a gradient
 * of 1e-5, and 51 in permutations; three of SGD on SpamAssassin leave three times the gap.
 */
const PERMUTED = ["permuted", "blocks", "uniform", "inOrder", "lipschitz"] as const;

/** The greatest smoothness constant of a row's term, and their mean. */
function smoothnessOf(model: Oracle, weighted: boolean): number {
  const { loss, intercept } = model.problem;
  const { greatest, mean } = model.norms;
  return loss.curvature * ((weighted ? mean : greatest) + (intercept ? 1 : 0)) + model.regularizer.greatestL2;
}

/** 1 / L. Rows of zeros, or next to it: any step below 1 / l2 leaves the factor 1 - step l2 above 0. */
function stepOf(model: Oracle, smoothness: number): number {
  const stepSize = 1 / smoothness;
  return stepSize * model.regularizer.greatestL2 < 1 ? stepSize : 1 / (2 * smoothness + 1);
}

const inverseSmoothness = (times: number) => (model: Oracle, weighted: boolean) =>
  stepOf(model, times * smoothnessOf(model, weighted));

/**
 * The smoothness that counts for batches of b rows drawn without replacement: between the greatest of a row, for b = 1, and that
 * of the mean, for b = n. Gower, Loizou, Qian, Sailanbayev, Shulgin, Richtarik, "SGD: General Analysis and Improved Rates", 2019.
 */
function expectedSmoothness(model: Oracle, batchSize: number): number {
  const { rows } = model;
  if (rows === 1) return smoothnessOf(model, false);
  const share = (rows - batchSize) / (batchSize * (rows - 1));
  const ofMean = (rows * (batchSize - 1)) / (batchSize * (rows - 1));
  return share * smoothnessOf(model, false) + ofMean * smoothnessOf(model, true);
}

const batchStep = (model: Oracle, batchSize: number) => stepOf(model, expectedSmoothness(model, batchSize));

/** Where a loss has a corner, its slope is at most 1, and the mean row says how far that leads. */
const cornerStep = ({ norms, regularizer }: Oracle) => 1 / (norms.mean + 1 + regularizer.greatestL2);

const fits = ({ problem: { loss } }: Oracle) => loss.smooth && Number.isFinite(loss.curvature);

/** The relaxation for which Finito (MISO with a lower bound) is known to converge: Lin, Mairal, Harchaoui 2015. */
function finitoRelaxation(model: LinearModel): number {
  const l2 = model.regularizer.leastL2;
  return Math.min(1, (l2 * model.rows) / (2 * (smoothnessOf(model, false) - l2)));
}

// In batches the mean row counts, not the longest.
const meanStep = (times: number) => (model: Oracle) => stepOf(model, times * smoothnessOf(model, true));

const steps = { kind: "steps", smooth: true, needsL2: false, leastPasses: 1 } as const;
const batches = { kind: "batches", smooth: true, needsL2: false, leastPasses: 1, reach: "square" } as const;
const batch = { kind: "batch", smooth: true, needsL2: false, leastPasses: 1 } as const;

export const METHODS = {
  sag: {
    ...steps,
    reach: "square",
    samplings: ["uniform", "lipschitz"],
    stepSize: inverseSmoothness(1),
    times: 1,
    run: sagLike("sag"),
    multi: { stepSize: inverseSmoothness(1), run: sagLike("sag") },
  },
  saga: {
    ...steps,
    reach: "separable",
    samplings: PERMUTED,
    stepSize: inverseSmoothness(3),
    times: 3,
    grows: true,
    run: sagLike("saga"),
    multi: { stepSize: inverseSmoothness(3), run: sagLike("saga") },
  },
  svrg: {
    ...steps,
    reach: "separable",
    leastPasses: 2,
    samplings: PERMUTED,
    stepSize: inverseSmoothness(1),
    times: 1,
    run: svrg,
    batched: { stepSize: batchStep, run: minibatchSvrg },
  },
  sarah: { ...batches, stepSize: meanStep(1), run: recursive("sarah") },
  spider: { ...batches, stepSize: meanStep(1), run: recursive("spider") },
  storm: { ...batches, leastPasses: 2, stepSize: meanStep(1), run: storm },
  katyusha: { ...batches, stepSize: meanStep(3), run: katyusha },
  sgd: {
    ...steps,
    reach: "separable",
    smooth: false,
    samplings: PERMUTED,
    stepSize: (model: LinearModel, weighted: boolean) =>
      fits(model) ? inverseSmoothness(1)(model, weighted) : cornerStep(model),
    run: sgd,
    batched: {
      stepSize: (model: Oracle, batchSize: number) => (fits(model) ? batchStep(model, batchSize) : cornerStep(model)),
      run: minibatchSgd,
    },
  },
  sdca: {
    ...steps,
    reach: "l1",
    smooth: false,
    needsL2: true,
    samplings: ["blocks", "permuted", "uniform", "inOrder"],
    stepSize: () => 1,
    run: dual(() => 0),
  },
  finito: {
    ...steps,
    reach: "l1",
    needsL2: true,
    samplings: ["permuted", "blocks", "uniform", "inOrder"],
    stepSize: () => 1,
    run: dual(finitoRelaxation),
  },
  gd: { ...batch, reach: "all", run: proximalGradient(false) },
  apg: { ...batch, reach: "all", run: proximalGradient(true) },
  lbfgs: { ...batch, reach: "square", run: lbfgs },
  newton: { ...batch, reach: "square", single: true, run: newton },
} satisfies Record<string, MethodInfo>;

/** The methods, by the names of their authors or of the field; {@link minimize} says what each does and which problems it takes. */
export type SolverName = keyof typeof METHODS;

/** `"auto"` picks one of the others; the result says which, and why. */
export type MethodName = "auto" | SolverName;

export const METHOD_NAMES = ["auto", ...Object.keys(METHODS)] as MethodName[];

export type MethodInfo = StepMethodInfo | BatchStepMethodInfo | BatchMethodInfo;

export const infoOf = (name: SolverName): MethodInfo => METHODS[name];

/** What a method is in batches; undefined for those that it can't be done in. */
export function batchedOf(name: SolverName): Batched | undefined {
  const info = infoOf(name);
  if (info.kind === "batches") return info;
  return info.kind === "steps" ? info.batched : undefined;
}
