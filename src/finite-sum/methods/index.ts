import type { LinearModel } from "../model.js";
import type { Solver, StepContext } from "../solver.js";
import type { BatchMethod } from "./batch.js";
import { lbfgs } from "./lbfgs.js";
import { proximalGradient } from "./proximal-gradient.js";
import { katyusha, recursive, storm } from "./recursive.js";
import { sagLike } from "./sag.js";
import { dual } from "./sdca.js";
import { sgd } from "./sgd.js";
import { svrg } from "./svrg.js";

export type SamplingName = "uniform" | "permuted" | "inOrder" | "lipschitz";

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
  readonly samplings: readonly [standard: SamplingName, ...others: SamplingName[]];
  readonly stepSize: (model: LinearModel, weighted: boolean) => number;
  readonly run: (context: StepContext) => Solver;
}

/** A method that takes full gradients. */
export interface BatchMethodInfo extends Common {
  readonly kind: "batch";
  readonly run: BatchMethod;
}

const ANY_ORDER = ["permuted", "uniform", "inOrder", "lipschitz"] as const;

/** The greatest smoothness constant of a row's term, and their mean. */
function smoothnessOf(model: LinearModel, weighted: boolean): number {
  const { loss, intercept } = model.problem;
  const { greatest, mean } = model.norms;
  return loss.curvature * ((weighted ? mean : greatest) + (intercept ? 1 : 0)) + model.regularizer.greatestL2;
}

/** 1 / (times L). Rows of zeros, or next to it: any step below 1 / l2 leaves the factor 1 - step l2 above 0. */
const inverseSmoothness = (times: number) => (model: LinearModel, weighted: boolean) => {
  const smoothness = times * smoothnessOf(model, weighted);
  const stepSize = 1 / smoothness;
  return stepSize * model.regularizer.greatestL2 < 1 ? stepSize : 1 / (2 * smoothness + 1);
};

/** The relaxation for which Finito (MISO with a lower bound) is known to converge: Lin, Mairal, Harchaoui 2015. */
function finitoRelaxation(model: LinearModel): number {
  const l2 = model.regularizer.leastL2;
  return Math.min(1, (l2 * model.rows) / (2 * (smoothnessOf(model, false) - l2)));
}

const meanStep = (times: number) => (model: LinearModel) => inverseSmoothness(times)(model, true);

const steps = { kind: "steps", smooth: true, needsL2: false, leastPasses: 1 } as const;
const batch = { kind: "batch", smooth: true, needsL2: false, leastPasses: 1 } as const;

export const METHODS = {
  sag: {
    ...steps,
    reach: "square",
    samplings: ["uniform", "lipschitz"],
    stepSize: inverseSmoothness(1),
    run: sagLike("sag"),
  },
  saga: { ...steps, reach: "separable", samplings: ANY_ORDER, stepSize: inverseSmoothness(3), run: sagLike("saga") },
  svrg: {
    ...steps,
    reach: "separable",
    leastPasses: 2,
    samplings: ANY_ORDER,
    stepSize: inverseSmoothness(1),
    run: svrg,
  },
  // In batches the mean row counts, not the longest.
  sarah: {
    ...steps,
    reach: "square",
    samplings: ["permuted", "uniform", "inOrder"],
    stepSize: meanStep(1),
    run: recursive("sarah"),
  },
  spider: {
    ...steps,
    reach: "square",
    samplings: ["permuted", "uniform", "inOrder"],
    stepSize: meanStep(1),
    run: recursive("spider"),
  },
  storm: {
    ...steps,
    reach: "square",
    leastPasses: 2,
    samplings: ["permuted", "uniform", "inOrder"],
    stepSize: meanStep(1),
    run: storm,
  },
  katyusha: {
    ...steps,
    reach: "square",
    samplings: ["permuted", "uniform", "inOrder"],
    stepSize: meanStep(3),
    run: katyusha,
  },
  sgd: {
    ...steps,
    reach: "separable",
    smooth: false,
    samplings: ANY_ORDER,
    // Where a loss has a corner, its slope is at most 1, and the mean row says how far that leads.
    stepSize: (model, weighted) => {
      const fitting = model.problem.loss.smooth && Number.isFinite(model.problem.loss.curvature);
      return fitting
        ? inverseSmoothness(1)(model, weighted)
        : 1 / (model.norms.mean + 1 + model.regularizer.greatestL2);
    },
    run: sgd,
  },
  sdca: {
    ...steps,
    reach: "l1",
    smooth: false,
    needsL2: true,
    samplings: ["permuted", "uniform", "inOrder"],
    stepSize: () => 1,
    run: dual(() => 0),
  },
  finito: {
    ...steps,
    reach: "l1",
    needsL2: true,
    samplings: ["permuted", "uniform", "inOrder"],
    stepSize: () => 1,
    run: dual(finitoRelaxation),
  },
  gd: { ...batch, reach: "all", run: proximalGradient(false) },
  apg: { ...batch, reach: "all", run: proximalGradient(true) },
  lbfgs: { ...batch, reach: "square", run: lbfgs },
} satisfies Record<string, StepMethodInfo | BatchMethodInfo>;

export type SolverName = keyof typeof METHODS;

/** `"auto"` picks one of the others; the result says which, and why. */
export type MethodName = "auto" | SolverName;

export const METHOD_NAMES = ["auto", ...Object.keys(METHODS)] as MethodName[];

export const infoOf = (name: SolverName): StepMethodInfo | BatchMethodInfo => METHODS[name];
