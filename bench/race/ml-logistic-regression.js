// ml-logistic-regression and `minimize` on the same problems: the seconds to the objective at which the former ends, on the example
// in its own README and on 10,000 x 100. One problem a class against the rest, no penalty and no intercept, as it has them.

import { parseArgs } from "node:util";
import LogisticRegression from "ml-logistic-regression";
import { Matrix } from "ml-matrix";
import { iterate } from "schuss/finite-sum";
import { denseSet } from "../data-sets.js";
import { median } from "../statistics.js";

const { values } = parseArgs({
  options: { rounds: { type: "string", default: "5" }, steps: { type: "string", default: "100" } },
});

const example = {
  name: "its own example, 22 x 2, 3 classes, 1000 steps",
  options: { numSteps: 1000, learningRate: 5e-3 },
  rows: [
    [
      [0, -1],
      [1, 0],
      [1, 1],
      [1, -1],
      [2, 0],
      [2, 1],
      [2, -1],
      [3, 2],
    ],
    [
      [0, 4],
      [1, 3],
      [1, 4],
      [1, 5],
      [2, 3],
      [2, 4],
      [2, 5],
      [3, 4],
    ],
    [
      [1, 10],
      [1, 12],
      [2, 10],
      [2, 11],
      [2, 14],
      [3, 11],
    ],
  ],
};

function exampleSet() {
  const labels = example.rows.flatMap((rows, label) => rows.map(() => label));
  const features = Float64Array.from(example.rows.flat(2));
  return { ...example, rows: labels.length, columns: 2, features, labels, classes: [0, 1, 2] };
}

/** Its learning rate is for sums over the rows. */
function largeSet() {
  const set = denseSet(10_000, 100);
  const labels = Array.from(set.labels, (label) => (label > 0 ? 1 : 0));
  const options = { numSteps: Number(values.steps), learningRate: 1e-5 };
  return { ...set, name: `10,000 x 100, ${values.steps} steps`, options, labels, classes: [0, 1] };
}

/** sum_i ln(1 + e^-z) / n; it has the class as 0 and the rest as 1. */
function objectiveAt({ rows, columns, features, labels }, weights, own) {
  let sum = 0;
  for (let i = 0; i < rows; i++) {
    let p = 0;
    for (let j = 0; j < columns; j++) p += features[i * columns + j] * weights[j];
    const z = labels[i] === own ? -p : p;
    sum += Math.log1p(Math.exp(-Math.abs(z))) + Math.max(-z, 0);
  }
  return sum / rows;
}

function trainTheirs({ rows, columns, features, labels, options }) {
  const X = Matrix.from1DArray(rows, columns, features);
  const model = new LogisticRegression(options);
  const began = performance.now();
  model.train(X, Matrix.columnVector(labels));
  return { seconds: (performance.now() - began) / 1000, classifiers: model.classifiers };
}

/** The seconds until the objective of every class is at most the one given. */
function trainOurs({ rows, columns, features, labels, classes }, objectives) {
  const began = performance.now();
  for (const [k, label] of classes.entries()) {
    const own = labels.map((other) => (other === label ? 0 : 1));
    const problem = { features, rows, columns, labels: own, loss: "logistic", l2: 0, intercept: false };
    for (const { objective } of iterate(problem, { tolerance: 0, passes: 10_000 })) {
      if (objective <= objectives[k]) break;
    }
  }
  return (performance.now() - began) / 1000;
}

for (const set of [exampleSet(), largeSet()]) {
  const theirs = [];
  const ours = [];
  for (let round = 0; round < Number(values.rounds); round++) {
    const { seconds, classifiers } = trainTheirs(set);
    const objectives = set.classes.map((label, k) => {
      const { weights } = classifiers[k];
      return objectiveAt(set, (weights.weights ?? weights).to1DArray(), label);
    });
    theirs.push(seconds);
    ours.push(trainOurs(set, objectives));
    if (round === 0) console.log(`${set.name}: to ${objectives.map((f) => f.toPrecision(6)).join(", ")}`);
  }
  const ratio = median(theirs.map((seconds, k) => seconds / ours[k]));
  console.log(
    `  ml-logistic-regression ${median(theirs).toFixed(4)} s, schuss ${median(ours).toFixed(4)} s, x ${ratio.toFixed(0)}`,
  );
}
