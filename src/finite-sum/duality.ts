import type { FloatArray } from "../memory/dtype.js";
import { type Evaluation, fullGradient, type Oracle } from "./oracle.js";
import { dot } from "./vectors.js";

/** What a duality gap asks of a model, beside its gradients. */
export interface Dual extends Oracle {
  intercept: number;
  /** A number a row, as the table holds them. */
  residuals: FloatArray;
  /** The residuals become the predictions. */
  predict(): void;
  /** The sum of the losses' derivatives, for residuals that are predictions, moved by a shift. */
  slopes(shift: number): number;
  /** The sum of the losses' conjugates at the residuals times a factor. */
  conjugates(factor: number): number;
  /** The mean of residual times row. */
  resum(): Generator<undefined, Float64Array, void>;
}

/** How far from 0 the derivatives may sum, as a mean, where there is an intercept: elsewhere the dual is infinite. */
const MOST_SLOPE = 1e-7;

/**
 * F at the present point less the value of a dual point: never less than F less its minimum. The dual point is made of the
 * losses' derivatives at the best intercept for these weights, or with `ownResiduals` of the table, shrunk on one side so that
 * it sums to 0. Undefined where no dual is known. After a full gradient at this point, and its evaluation.
 */
export function* dualityGap(
  model: Dual,
  { objective, gradientNorm }: Evaluation,
  ownResiduals: boolean,
): Generator<undefined, number | undefined, void> {
  const { regularizer } = model;
  const { loss, intercept } = model.problem;
  if (!loss.dual || (!ownResiduals && !loss.smooth)) return undefined;
  if (!ownResiduals && !intercept) {
    const { l2, proximal } = regularizer;
    // l2/2 |w|^2 + |g|^2 / (2 l2) + w.g, g the gradient of the losses: a square.
    if (!proximal && typeof l2 === "number" && l2 > 0) return gradientNorm ** 2 / (2 * l2);
    const w = model.point();
    const gradient = model.meanGradient();
    const conjugate = regularizer.conjugate(gradient);
    // The losses and their conjugates cancel but for w.gradient: Fenchel's equality.
    if (conjugate?.factor === 1) return regularizer.value(w) + conjugate.value + dot(w, gradient);
  }
  const { residuals, intercept: before } = model;
  try {
    const gradient = yield* ownResiduals ? ofResiduals(model) : ofDerivatives(model);
    const conjugate = regularizer.conjugate(gradient);
    if (conjugate === undefined || Math.abs(gradient[gradient.length - 1]!) > MOST_SLOPE) return undefined;
    return objective + model.conjugates(conjugate.factor) / model.rows + conjugate.value;
  } finally {
    model.intercept = before;
    model.residuals = residuals;
  }
}

/** The mean gradient that the residuals make, balanced where there is an intercept. */
function* ofResiduals(model: Dual): Generator<undefined, Float64Array, void> {
  if (model.problem.intercept) model.residuals = balanced(model.residuals);
  return yield* model.resum();
}

/** The mean gradient at the best intercept, whose derivatives become the residuals. */
function* ofDerivatives(model: Dual): Generator<undefined, Float64Array, void> {
  if (model.problem.intercept) {
    model.predict();
    model.intercept += bestShift(model);
  }
  yield* fullGradient(model, "slopes");
  return model.meanGradient();
}

/** Where the losses' slopes sum to 0, for residuals that are predictions: by bracketing and regula falsi (Illinois). */
function bestShift(model: Dual): number {
  const { curvature } = model.problem.loss;
  const at = (shift: number) => model.slopes(shift) / model.rows;
  let near = 0;
  let atNear = at(0);
  const least = 4e-16;
  let step = -atNear * (Number.isFinite(curvature) ? 1 / curvature : 0.1);
  let far = near;
  let atFar = atNear;
  for (let round = 0; atFar * atNear > 0 && Math.abs(atFar) > least; round++, step *= 2) {
    if (round === 60) return far;
    near = far;
    atNear = atFar;
    far += step;
    atFar = at(far);
  }
  for (let round = 0; round < 60 && Math.abs(atFar) > least; round++) {
    const next = far - (atFar * (far - near)) / (atFar - atNear);
    if (!(Math.min(near, far) < next && next < Math.max(near, far))) break;
    const atNext = at(next);
    if (atNext * atFar < 0) {
      near = far;
      atNear = atFar;
    } else {
      atNear /= 2;
    }
    far = next;
    atFar = atNext;
  }
  return far;
}

/** The positive or the negative residuals shrunk so that all sum to 0: no conjugate is infinite nearer to 0. */
function balanced(residuals: FloatArray): FloatArray {
  let above = 0;
  let below = 0;
  for (const residual of residuals) {
    above += Math.max(residual, 0);
    below += Math.max(-residual, 0);
  }
  const [up, down] = above > below ? [below / above, 1] : [1, above / below];
  return residuals.map((residual) => residual * ((residual > 0 ? up : down) || 0));
}
