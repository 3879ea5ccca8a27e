import { checkInteger, checkNames, checkNumber, checkOneOf, given, positive } from "../../check.js";
import { type Dtype, type FloatArray, typed } from "../../memory/dtype.js";
import { type LinalgOptions, Workspace } from "./workspace.js";

/** How an inverse root is found. */
export type RootMethod =
  | {
      /** By eigendecomposition: any p, and in the tests' runs faster than the others at every size and conditioning. */
      readonly kind: "eigen";
    }
  | {
      /** By Newton's iteration, coupled: products only, whole p. */
      readonly kind: "coupledNewton";
      /** Done when no element of M is further than this from I, > 0. Default 1e-6 in float32, 1e-12 in float64. */
      readonly tolerance?: number;
      /** The most steps, >= 1. Default 50. */
      readonly maximumIterations?: number;
    }
  | {
      /** By the coupled Newton-Schulz iteration for the square root: products only, p a power of two. */
      readonly kind: "newtonSchulz";
      /** As above. */
      readonly tolerance?: number;
      /** As above, for each square root. */
      readonly maximumIterations?: number;
    };

export type IterativeMethod = Exclude<RootMethod, { kind: "eigen" }>;

const KINDS = ["eigen", "coupledNewton", "newtonSchulz"] as const;

const TOLERANCE: Readonly<Record<Dtype, number>> = { float32: 1e-6, float64: 1e-12 };

const MOST_ITERATIONS = 50;

/** Steps of power iteration: enough for the norm to some per cent. */
const NORM_STEPS = 24;

/** An iteration that ends further off than this has not converged. */
const CONVERGED = 0.5;

export function checkMethod(where: string, method: unknown, p: number): RootMethod {
  if (typeof method !== "object" || method === null) {
    throw new TypeError(`${where}: method must be an object with a kind, got ${given(method)}`);
  }
  const { kind, tolerance, maximumIterations } = method as IterativeMethod;
  checkOneOf(where, "method.kind", kind, KINDS);
  checkNames(where, "option of the method", method, ["kind", "tolerance", "maximumIterations"]);
  if (tolerance !== undefined) checkNumber(where, "method.tolerance", tolerance, positive);
  if (maximumIterations !== undefined) {
    checkInteger(where, "method.maximumIterations", maximumIterations, 1, 2 ** 31 - 1);
  }
  if (kind === "coupledNewton") checkInteger(where, "p, by coupledNewton,", p, 1, 1024);
  if (kind === "newtonSchulz" && !(p >= 2 && Number.isInteger(Math.log2(p)))) {
    throw new RangeError(`${where}: p, by newtonSchulz, must be 2, 4, 8, ..., got ${p}`);
  }
  return method as RootMethod;
}

interface Task {
  readonly where: string;
  readonly dtype: Dtype;
  readonly n: number;
  readonly p: number;
  readonly relativeRidge: number;
  readonly absoluteRidge: number;
  readonly method: IterativeMethod;
}

/** (A + ridge I)^(-1/p) by an iteration; the ridge is relative to the spectral norm, estimated by power iteration. */
export function rootByIteration<A extends FloatArray>(matrix: A, task: Task, options: LinalgOptions): A {
  const { where, dtype, n, relativeRidge, absoluteRidge, method } = task;
  const workspace = new Workspace(where, dtype, options, [n * n, n * n], (kernels, suffix) =>
    Math.max(kernels[`spectralNormScratch_${suffix}`](n), kernels[`${method.kind}Scratch_${suffix}`](n)),
  );
  try {
    workspace.view(0, n * n).set(matrix);
    const a = workspace.pointer(0);
    typed(workspace.kernels, "mirrorLower", dtype)(n, a, n);
    const norm = typed(workspace.kernels, "spectralNorm", dtype)(n, a, n, NORM_STEPS, workspace.scratch);
    if (!Number.isFinite(norm)) throw new RangeError(`${where}: matrix has elements that are NaN or infinite`);
    const ridge = relativeRidge * norm + absoluteRidge;
    if (n > 0 && norm + ridge === 0) {
      throw new RangeError(`${where}: matrix has no inverse root: all eigenvalues are 0, and so is the ridge`);
    }
    const iterate = method.kind === "coupledNewton" ? coupledNewton : newtonSchulz;
    const error = iterate(workspace, task, norm, ridge);
    const result = workspace.read(1, n * n) as A;
    if (!(error < CONVERGED) || !result.every(Number.isFinite)) {
      throw new RangeError(
        `${where}: ${method.kind} did not converge: the matrix is too ill-conditioned for ${dtype} with a ridge of ${ridge}`,
      );
    }
    return result;
  } finally {
    workspace.dispose();
  }
}

function limits({ dtype, method }: Task): readonly [number, number] {
  return [method.tolerance ?? TOLERANCE[dtype], method.maximumIterations ?? MOST_ITERATIONS];
}

function coupledNewton(workspace: Workspace<Dtype>, task: Task, norm: number, ridge: number): number {
  const { dtype, n, p } = task;
  const kernel = typed(workspace.kernels, "coupledNewton", dtype);
  const [a, x] = [workspace.pointer(0), workspace.pointer(1)];
  const scale = (p + 1) / (2 * (norm + ridge));
  return kernel(n, p, a, n, ridge, scale, scale ** (1 / p), ...limits(task), x, n, workspace.scratch);
}

/** A square root for each factor of two in p, and of the last the inverse. */
function newtonSchulz(workspace: Workspace<Dtype>, task: Task, norm: number, ridge: number): number {
  const { dtype, n, p } = task;
  const kernel = typed(workspace.kernels, "newtonSchulz", dtype);
  const [a, x] = [workspace.pointer(0), workspace.pointer(1)];
  let [scale, added, worst] = [norm + ridge, ridge, 0];
  for (let left = p; left > 1; left /= 2) {
    worst = Math.max(worst, kernel(n, a, n, added, scale, ...limits(task), a, n, x, n, workspace.scratch));
    [scale, added] = [Math.sqrt(scale), 0];
  }
  return worst;
}
