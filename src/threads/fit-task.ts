import type { Matrix } from "../estimators/features.js";
import { estimatorOf } from "../estimators/from-json.js";
import type { Label, SavedModel } from "../estimators/index.js";
import { pick, take } from "../estimators/rows.js";
import type { TaskContext } from "./task-context.js";

export interface FitInput {
  readonly estimator: string;
  /** All but the engine. */
  readonly options: object;
  readonly table: Matrix;
  readonly labels: ArrayLike<Label>;
  readonly sampleWeights: ArrayLike<number> | undefined;
  readonly train: Int32Array;
  readonly test: Int32Array;
}

export interface Fitted {
  readonly model: SavedModel;
  /** Of the rows held out, and of those that were learnt from. */
  readonly score: number;
  readonly trainScore: number;
  readonly seconds: number;
}

/** A fold of a cross-validation as a task: learns from some rows and is measured by others. */
export async function fitTask(
  { estimator, options, table, labels, sampleWeights, train, test }: FitInput,
  { engine, signal }: TaskContext,
): Promise<Fitted> {
  const since = performance.now();
  const model = estimatorOf({ estimator, options: { ...options, engine } });
  const part = (which: Int32Array) => ({
    features: take(table, which).features,
    // Numbers or strings, as the estimator wants them: it has been given them like that.
    labels: pick(labels, which) as number[],
    weights: sampleWeights && pick(sampleWeights, which),
  });
  const learnt = part(train);
  await model.fit(learnt.features, learnt.labels, { signal, ...(learnt.weights && { sampleWeights: learnt.weights }) });
  const held = part(test);
  return {
    model: model.toJSON(),
    score: model.score(held.features, held.labels, held.weights),
    trainScore: model.score(learnt.features, learnt.labels, learnt.weights),
    seconds: (performance.now() - since) / 1000,
  };
}
