import type { Engine } from "../memory/engine.js";
import { type Choice, choose, obstacle } from "./choose.js";
import { adviceOf, centresOf } from "./columns.js";
import { drawOf, standardOf } from "./drawing.js";
import { Draws } from "./draws.js";
import { checkFinite } from "./features.js";
import { batchedOf, infoOf, type SamplingName, type SolverName, type StepMethodInfo } from "./methods/index.js";
import { batchOf } from "./methods/recursive.js";
import { LinearModel } from "./model.js";
import { MultiModel } from "./multi-model.js";
import type { CheckedOptions } from "./options.js";
import type { Oracle } from "./oracle.js";
import { GrowingPace, LineSearch, type Pace, steady } from "./pace.js";
import { standardPasses } from "./passes.js";
import { placeAny } from "./place.js";
import type { CheckedProblem } from "./problem.js";
import type { MinimizeResult, PassReport } from "./report.js";
import { type RandomBits, randomBits } from "./sampling.js";
import { evaluate, type Outcome, type Plan, type Progress, type Solver } from "./solver.js";
import { checkState, isState, type SolverState } from "./state.js";
import { Stopwatch } from "./stopwatch.js";

/** How many deviations a column may be from 0 before it is centred: for the dual methods, and for others where the choice is ours. */
const FAR_FOR_DUAL = 3;
const FAR = 10;

type AnyReport = PassReport<number | Float64Array>;
export type AnyResult = MinimizeResult<number | Float64Array>;

/** Whether the steps go from batch to batch. */
function inBatches({ method, batchSize }: CheckedOptions, { outputs }: CheckedProblem): boolean {
  if (method === "auto") return false;
  return (
    infoOf(method).kind === "batches" || (batchedOf(method) !== undefined && ((batchSize ?? 1) > 1 || outputs > 1))
  );
}

/** Options that only some methods have. */
function checkFit(where: string, method: SolverName, { batchSize, lineSearch }: CheckedOptions): void {
  const info = infoOf(method);
  if (batchSize !== undefined && batchedOf(method) === undefined) {
    throw new RangeError(`${where}: batchSize is for sgd, svrg, sarah, spider, storm and katyusha, not ${method}`);
  }
  const searches = info.kind === "steps" && info.times !== undefined && !((batchSize ?? 1) > 1);
  if (lineSearch && !searches) {
    throw new RangeError(`${where}: lineSearch is for sag, saga and svrg, row by row, not ${method}`);
  }
}

/** One run: the data in memory, the solver over it, the clock. */
export class Run {
  readonly watch: Stopwatch;
  readonly #oracle: Oracle;
  readonly #solver: Solver;
  readonly #options: CheckedOptions;
  readonly #choice: Choice;
  readonly #bits: RandomBits;
  #draws: Draws | undefined;
  #pace: Pace | undefined;
  #last: Progress | undefined;
  /** Counts the slices, so that a report knows when it is out of date. */
  #slice = 0;

  constructor(where: string, engine: Engine, problem: CheckedProblem, options: CheckedOptions) {
    this.watch = new Stopwatch();
    this.#options = options;
    this.#bits = randomBits(options.seed);
    if (options.method !== "auto") {
      const reason = obstacle(options.method, problem, inBatches(options, problem));
      if (reason !== undefined) throw new RangeError(`${where}: ${reason}`);
      checkFit(where, options.method, options);
    }
    const oracle = this.#place(engine, problem, options);
    this.#oracle = oracle;
    try {
      // Of NaN and of the infinite, a norm is neither: so most rows need no look of their own.
      if (!Number.isFinite(oracle.norms.greatest)) checkFinite(where, problem);
      this.#choice =
        options.method === "auto"
          ? choose(problem, oracle.norms, options)
          : { method: options.method, reason: "asked for" };
      const resumed = this.#start(where, problem);
      const plan: Plan = { ...options, passes: options.passes ?? standardPasses(problem), options };
      this.#solver = this.#begin(where, engine, plan, resumed);
    } catch (error) {
      this.#draws?.dispose();
      oracle.dispose();
      throw error;
    }
  }

  /** Works for a slice: gives the report of a pass that has ended, the result, or nothing yet. */
  next(): { report?: AnyReport; result?: AnyResult } {
    this.#slice++;
    const step = this.#solver.next();
    if (step.done) return { result: this.#result(step.value) };
    if (step.value === undefined) return this.#late() ? { result: this.#cutShort() } : {};
    this.#last = step.value;
    return { report: this.#report(step.value) };
  }

  dispose(): void {
    this.#slice++;
    this.#solver.return(undefined as never);
    this.#draws?.dispose();
    this.#oracle.dispose();
  }

  #begin(where: string, engine: Engine, plan: Plan, resumed: boolean): Solver {
    const oracle = this.#oracle;
    const options = this.#options;
    const { method } = this.#choice;
    const info = infoOf(method);
    if (info.kind === "batch") {
      if (oracle instanceof LinearModel || oracle instanceof MultiModel) oracle.letNormsGo();
      return info.run({ oracle, plan });
    }
    const { rows } = oracle;
    const batched = inBatches(options, oracle.problem) ? batchedOf(method) : undefined;
    if (batched !== undefined) {
      const batchSize = options.batchSize ?? batchOf(rows);
      if (batchSize > rows)
        throw new RangeError(`${where}: batchSize must be at most the ${rows} rows, got ${batchSize}`);
      const { draws } = this.#drawsOf(where, engine, oracle, ["permuted", "uniform", "inOrder"]);
      this.#draws = draws;
      const stepSize = this.#checked(options.stepSize ?? batched.stepSize(oracle, batchSize));
      return batched.run({ model: oracle, draws, plan, stepSize, batchSize });
    }
    const { samplings, stepSize: ownStep, needsL2, run, multi } = info as StepMethodInfo;
    if (oracle instanceof MultiModel) {
      const { draws, weighted } = this.#drawsOf(where, engine, oracle, samplings);
      this.#draws = draws;
      const stepSize = this.#checked(options.stepSize ?? multi!.stepSize(oracle, weighted));
      const pace = this.#paceOf(where, oracle, info as StepMethodInfo, stepSize, weighted);
      return multi!.run({ model: oracle, draws, plan, pace, resumed: false, weighted });
    }
    const model = oracle as LinearModel;
    const { draws, weighted } = this.#drawsOf(where, engine, model, samplings);
    this.#draws = draws;
    const ownSize = options.stepSize ?? ownStep(model, weighted);
    const stepSize = needsL2 ? ownSize : this.#checked(ownSize);
    const pace = this.#paceOf(where, model, info as StepMethodInfo, stepSize, weighted);
    const { start } = options;
    if (resumed && start !== undefined && isState(start) && start.pace) pace.restore(start.pace);
    this.#pace = pace;
    return run({ model, draws, plan, stepSize, pace, resumed, weighted, seed: options.seed });
  }

  #paceOf(
    where: string,
    model: LinearModel | MultiModel,
    info: StepMethodInfo,
    stepSize: number,
    weighted: boolean,
  ): Pace {
    if (!this.#options.lineSearch) {
      model.letNormsGo();
      return info.grows === true && this.#options.stepSize === undefined ? new GrowingPace(stepSize) : steady(stepSize);
    }
    if (model instanceof MultiModel) throw new RangeError(`${where}: lineSearch is for one output`);
    if (weighted) throw new RangeError(`${where}: lineSearch and sampling "lipschitz" don't go together`);
    return new LineSearch(model, 1 / stepSize / info.times! - model.regularizer.greatestL2, info.times!);
  }

  #checked(stepSize: number): number {
    const { greatestL2 } = this.#oracle.regularizer;
    if (stepSize * greatestL2 < 1) return stepSize;
    throw new RangeError(`minimize: stepSize must be below 1 / l2 = ${1 / greatestL2}, got ${stepSize}`);
  }

  #place(engine: Engine, problem: CheckedProblem, options: CheckedOptions): Oracle {
    const { method } = options;
    const even =
      method === "auto"
        ? obstacle("saga", problem) === undefined
        : infoOf(method).kind === "steps" && !inBatches(options, problem);
    return placeAny(engine, this.#centred(problem, options), even && problem.penaltyWeights?.includes(0) !== true);
  }

  /** The problem with its columns' centres, where they are to be taken off: a run that goes on does as the one before. */
  #centred(problem: CheckedProblem, { method, start }: CheckedOptions): CheckedProblem {
    const dual = method === "auto" ? !problem.loss.smooth : infoOf(method).needsL2;
    const deviations = dual ? FAR_FOR_DUAL : method === "auto" ? FAR : Number.POSITIVE_INFINITY;
    const before = start !== undefined && isState(start) ? start.centred === true : undefined;
    if (problem.outputs > 1 || before === false) return problem;
    const centres = centresOf(problem, before ? 0 : deviations);
    return centres === undefined ? problem : { ...problem, centres };
  }

  /** Whether the run goes on from a state whose table is in place. */
  #start(where: string, problem: CheckedProblem): boolean {
    const { start } = this.#options;
    const oracle = this.#oracle;
    if (start === undefined) return false;
    if (!isState(start)) {
      const { weights, intercept = 0 } = start;
      const { size } = oracle.regularizer;
      if (weights.length !== size) {
        throw new RangeError(`${where}: start.weights must have ${size} elements, got ${weights.length}`);
      }
      oracle.setPoint(oracle.pointOf(weights, typeof intercept === "number" ? [intercept] : intercept));
      return false;
    }
    checkState(where, start, problem);
    const point = new Float64Array(oracle.length);
    point.set(start.weights);
    point.set(start.intercepts, oracle.regularizer.size);
    oracle.setPoint(point);
    if (start.table === undefined || start.method !== this.#choice.method || !(oracle instanceof LinearModel)) {
      return false;
    }
    oracle.restore({ raw: start.weights, ...start.table });
    this.#bits.setState(start.random);
    return true;
  }

  #drawsOf(where: string, engine: Engine, model: Oracle, samplings: readonly [SamplingName, ...SamplingName[]]) {
    const { order, start } = this.#options;
    const name = this.#options.sampling ?? this.#choice.sampling ?? standardOf(samplings, model);
    if (order === undefined && !samplings.includes(name)) {
      const list = samplings.map((sampling) => `"${sampling}"`).join(", ");
      throw new RangeError(`${where}: ${this.#choice.method} draws rows by ${list}, not "${name}"`);
    }
    const draw = drawOf(where, order ?? name, model, this.#bits);
    const before = start !== undefined && isState(start) ? start.passes : 0;
    return {
      draws: new Draws(engine, model.rows, draw, model.problem.sampleWeights, before),
      weighted: draw.importance !== undefined,
    };
  }

  #late(): boolean {
    return this.watch.seconds > this.#options.maximumSeconds;
  }

  #intercept(): number | Float64Array {
    const { intercepts } = this.#oracle;
    return this.#oracle.problem.multi ? intercepts : intercepts[0]!;
  }

  #report(progress: Progress): AnyReport {
    const slice = this.#slice;
    const current = <Value>(value: () => Value): Value => {
      if (slice === this.#slice) return value();
      throw new Error("minimize: the objective and the weights of a report can be read within onPass only");
    };
    return {
      passes: progress.passes,
      seconds: this.watch.seconds,
      get gradientNorm() {
        return current(() => progress.gradientNorm);
      },
      get objective() {
        return current(() => progress.objective);
      },
      weights: () => current(() => this.#oracle.solution().weights),
      intercept: this.#intercept(),
    };
  }

  #result({ passes, converged, objective, gradientNorm, dualityGap }: Outcome): AnyResult {
    const { seconds } = this.watch;
    const advice = converged ? undefined : adviceOf(this.#oracle.problem);
    return {
      weights: this.#oracle.solution().weights,
      intercept: this.#intercept(),
      objective,
      gradientNorm,
      // Rounding may take it a little below 0.
      ...(dualityGap === undefined ? {} : { dualityGap: Math.max(dualityGap, 0) }),
      passes,
      seconds,
      converged,
      ...(advice === undefined ? {} : { advice }),
      method: this.#choice.method,
      reason: this.#choice.reason,
      state: this.#state(),
    };
  }

  #state(): SolverState {
    const oracle = this.#oracle;
    const { rows, columns, outputs } = oracle.problem;
    const keeps =
      infoOf(this.#choice.method).kind === "steps" &&
      !inBatches(this.#options, oracle.problem) &&
      oracle instanceof LinearModel;
    const { raw, ...table } = keeps ? oracle.memory() : { raw: oracle.point().slice(0, oracle.regularizer.size) };
    return {
      format: "schuss finite-sum state",
      version: 1,
      method: this.#choice.method,
      rows,
      columns,
      outputs,
      passes: this.#draws?.passes ?? 0,
      weights: raw,
      intercepts: oracle.placedIntercepts,
      ...(keeps ? { table: table as NonNullable<SolverState["table"]> } : {}),
      random: this.#bits.state(),
      ...(oracle.problem.centres ? { centred: true } : {}),
      ...(this.#pace ? { pace: this.#pace.state() } : {}),
    };
  }

  /** Where a run that is out of time stands: its gradient is still taken in full. */
  #cutShort(): AnyResult {
    const gradient = evaluate(this.#oracle);
    let step = gradient.next();
    while (!step.done) step = gradient.next();
    const converged = this.#oracle.problem.loss.smooth && step.value.gradientNorm <= this.#options.tolerance;
    return this.#result({ passes: this.#last?.passes ?? 0, converged, ...step.value });
  }
}
