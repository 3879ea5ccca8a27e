// assembly/finite-sum/loss.ts, with the exponential and the logarithm of the platform.

export interface Loss {
  value(prediction: number, label: number): number;
  derivative(prediction: number, label: number): number;
}

export const logistic: Loss = {
  value: (p, y) => Math.log1p(Math.exp(-Math.min(Math.abs(y * p), 60))) + Math.max(-y * p, 0),
  derivative: (p, y) => -y / (1 + Math.exp(Math.min(Math.max(y * p, -60), 60))),
};

export const squared: Loss = {
  value: (p, y) => 0.5 * (p - y) ** 2,
  derivative: (p, y) => p - y,
};
