// assembly/finite-sum/loss.ts, with the exponential and the logarithm of the platform.

export interface Loss {
  value(prediction: number, label: number, parameter: number): number;
  derivative(prediction: number, label: number, parameter: number): number;
  /** The second derivative, or where the loss is not convex the part of it that is never negative. */
  curvature(prediction: number, label: number, parameter: number): number;
  /** sup_p (g p - value(p)), g moved to the nearest slope at which that is finite; absent where the loss is not convex. */
  conjugate(g: number, label: number, parameter: number): number;
  /** The slope g' = derivative(p - q (g' - g)): the maximum of the dual along one coordinate. */
  dualStep(g: number, prediction: number, label: number, q: number, parameter: number): number;
}

const FURTHEST = 60;
const clip = (x: number, low: number, high: number) => Math.min(Math.max(x, low), high);
const held = (x: number) => clip(x, -FURTHEST, FURTHEST);
const sigmoid = (x: number) => 1 / (1 + Math.exp(held(-x)));
const rate = (p: number) => Math.exp(clip(p, -FURTHEST, 700));
const entropy = (x: number) => (x > 0 ? x * Math.log(x) : 0);
const some = (q: number) => Math.max(q, 1e-300);

/** The root of an increasing function between two points, by bisection to the last bit: slow and sure. */
function rootOf(increasing: (u: number) => number, low: number, high: number): number {
  for (let round = 0; round < 200; round++) {
    const middle = 0.5 * (low + high);
    if (middle <= low || middle >= high) break;
    if (increasing(middle) > 0) high = middle;
    else low = middle;
  }
  return 0.5 * (low + high);
}

const logistic: Loss = {
  value: (p, y) => Math.log1p(Math.exp(-Math.min(Math.abs(y * p), FURTHEST))) + Math.max(-y * p, 0),
  derivative: (p, y) => -y / (1 + Math.exp(held(y * p))),
  curvature: (p, y) => sigmoid(y * p) * sigmoid(-y * p),
  conjugate: (g, y) => {
    const share = clip(-y * g, 0, 1);
    return entropy(share) + entropy(1 - share);
  },
  dualStep: (g, p, y, q) => {
    const a = -y * g;
    const z = y * p;
    return -y * sigmoid(rootOf((u) => u + z + q * (sigmoid(u) - a), -z - (1 - a) * q, -z + a * q));
  },
};

const squared: Loss = {
  value: (p, y) => 0.5 * (p - y) ** 2,
  derivative: (p, y) => p - y,
  curvature: () => 1,
  conjugate: (g, y) => 0.5 * g * g + g * y,
  dualStep: (g, p, y, q) => (p - y + q * g) / (1 + q),
};

const absolute: Loss = {
  value: (p, y) => Math.abs(p - y),
  derivative: (p, y) => Math.sign(p - y),
  curvature: () => 0,
  conjugate: (g, y) => clip(g, -1, 1) * y,
  dualStep: (g, p, y, q) => clip(g + (p - y) / some(q), -1, 1),
};

const hinge: Loss = {
  value: (p, y) => Math.max(1 - y * p, 0),
  derivative: (p, y) => (y * p < 1 ? -y : 0),
  curvature: () => 0,
  conjugate: (g, y) => -clip(-y * g, 0, 1),
  dualStep: (g, p, y, q) => -y * clip(-y * g + (1 - y * p) / some(q), 0, 1),
};

const squaredHinge: Loss = {
  value: (p, y) => Math.max(1 - y * p, 0) ** 2,
  derivative: (p, y) => -2 * y * Math.max(1 - y * p, 0),
  curvature: (p, y) => (y * p <= 1 ? 2 : 0),
  conjugate: (g, y) => 0.25 * Math.max(-y * g, 0) ** 2 - Math.max(-y * g, 0),
  dualStep: (g, p, y, q) => -y * Math.max((1 - y * p - q * y * g) / (q + 0.5), 0),
};

const smoothedHinge: Loss = {
  value: (p, y, s) => {
    const under = Math.max(1 - y * p, 0);
    return under < s ? (0.5 / s) * under ** 2 : under - 0.5 * s;
  },
  derivative: (p, y, s) => -y * clip((1 - y * p) / s, 0, 1),
  curvature: (p, y, s) => (y * p <= 1 && y * p >= 1 - s ? 1 / s : 0),
  conjugate: (g, y, s) => 0.5 * s * clip(-y * g, 0, 1) ** 2 - clip(-y * g, 0, 1),
  dualStep: (g, p, y, q, s) => -y * clip((1 - y * p - q * y * g) / (q + s), 0, 1),
};

const huber: Loss = {
  value: (p, y, d) => (Math.abs(p - y) <= d ? 0.5 * (p - y) ** 2 : d * Math.abs(p - y) - 0.5 * d * d),
  derivative: (p, y, d) => clip(p - y, -d, d),
  curvature: (p, y, d) => (Math.abs(p - y) <= d ? 1 : 0),
  conjugate: (g, y, d) => 0.5 * clip(g, -d, d) ** 2 + clip(g, -d, d) * y,
  dualStep: (g, p, y, q, d) => clip((p - y + q * g) / (1 + q), -d, d),
};

const modifiedHuber: Loss = {
  value: (p, y) => (y * p >= -1 ? Math.max(1 - y * p, 0) ** 2 : -4 * y * p),
  derivative: (p, y) => -y * clip(2 * (1 - y * p), 0, 4),
  curvature: (p, y) => (Math.abs(y * p) <= 1 ? 2 : 0),
  conjugate: (g, y) => 0.25 * clip(-y * g, 0, 4) ** 2 - clip(-y * g, 0, 4),
  dualStep: (g, p, y, q) => -y * clip((1 - y * p - q * y * g) / (q + 0.5), 0, 4),
};

const epsilonInsensitive: Loss = {
  value: (p, y, e) => Math.max(Math.abs(p - y) - e, 0),
  derivative: (p, y, e) => (Math.abs(p - y) > e ? Math.sign(p - y) : 0),
  curvature: () => 0,
  conjugate: (g, y, e) => clip(g, -1, 1) * y + e * Math.abs(clip(g, -1, 1)),
  dualStep: (g, p, y, q, e) => {
    const free = g + (p - y) / some(q);
    return clip(free - clip(free, -e / some(q), e / some(q)), -1, 1);
  },
};

const poisson: Loss = {
  value: (p, y) => rate(p) - y * p,
  derivative: (p, y) => rate(p) - y,
  curvature: rate,
  conjugate: (g, y) => entropy(Math.max(g + y, 0)) - Math.max(g + y, 0),
  dualStep: (g, p, y, q) => {
    const highest = Math.min(p + q * (y + g), 700);
    const lowest = Math.min(p, highest) - q * rate(highest) - 1;
    return rate(rootOf((u) => u - p + q * (rate(u) - y - g), lowest, highest)) - y;
  },
};

const perceptron: Loss = {
  value: (p, y) => Math.max(-y * p, 0),
  derivative: (p, y) => (y * p <= 0 ? -y : 0),
  curvature: () => 0,
  conjugate: () => 0,
  dualStep: (g, p, y, q) => -y * clip(-y * g - (y * p) / some(q), 0, 1),
};

const sigmoidNeuron: Loss = {
  value: (p, y) => 0.5 * (sigmoid(p) - y) ** 2,
  derivative: (p, y) => {
    const s = sigmoid(p);
    return (s - y) * s * (1 - s);
  },
  curvature: (p) => (sigmoid(p) * (1 - sigmoid(p))) ** 2,
  conjugate: () => 0,
  dualStep: (g) => g,
};

/** By code. */
export const losses: readonly Loss[] = [
  logistic,
  squared,
  absolute,
  hinge,
  squaredHinge,
  smoothedHinge,
  huber,
  modifiedHuber,
  epsilonInsensitive,
  poisson,
  perceptron,
  sigmoidNeuron,
];
