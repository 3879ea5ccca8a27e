import type { Signal } from "../finite-sum/index.js";
import type { Engine } from "../memory/engine.js";
import { Classifier } from "./classifier.js";
import type { Coefficients } from "./coefficients.js";
import { ElasticNet } from "./elastic-net.js";
import type { FoldPathInput, FoldPathOutput } from "./fold-path-data.js";
import { Lasso } from "./lasso.js";
import { LogisticRegression } from "./logistic-regression.js";
import { meanSquaredError } from "./metrics.js";
import { Ridge } from "./ridge.js";
import { pick, take } from "./rows.js";

const estimators = { ElasticNet, Lasso, LogisticRegression, Ridge };

/**
 * One fold of a cross-validation under several penalties: every fit starts from where the one before has ended, and is
 * measured by the rows that were held out.
 */
export async function foldPath(
  { estimator, options, table, labels, sampleWeights, train, test }: FoldPathInput,
  { engine, signal }: { readonly engine?: Engine | undefined; readonly signal?: Signal | undefined },
): Promise<FoldPathOutput> {
  const part = (which: Int32Array) => ({
    features: take(table, which).features,
    labels: pick(labels, which),
    weights: sampleWeights && pick(sampleWeights, which),
  });
  const learnt = part(train);
  const held = part(test);
  const fitOptions = { ...(signal && { signal }), ...(learnt.weights && { sampleWeights: learnt.weights }) };
  const measures: number[] = [];
  let converged = 0;
  let before: Coefficients | undefined;
  for (const own of options) {
    const model = new estimators[estimator]({ ...own, ...(engine && { engine }) });
    if (model instanceof Classifier) {
      await model.fitFrom(before, learnt.features, learnt.labels, fitOptions);
      if (model.runs.every((run) => run.converged)) converged++;
      measures.push(model.score(held.features, held.labels, held.weights));
    } else {
      await model.fitFrom(before, learnt.features, learnt.labels as number[], fitOptions);
      if (model.run!.converged) converged++;
      measures.push(meanSquaredError(held.labels as number[], model.predict(held.features), held.weights));
    }
    before = model.coefficients;
  }
  return { measures, converged };
}
