// Two facts about gradient descent that hold on every path, not on average, and so test the arithmetic of a step whatever
// the gradients are.

import { describe, expect, test } from "vitest";
import { parameters, sgd } from "../../src/index.js";
import { engines, expectMemoryReturned, variants } from "../memory/engines.js";
import { normalNumbers, uniformNumbers } from "../memory/random.js";

expectMemoryReturned();

const dot = (a: ArrayLike<number>, b: ArrayLike<number>) => Array.from(a).reduce((sum, x, i) => sum + x * b[i]!, 0);
const minus = (a: ArrayLike<number>, b: ArrayLike<number>) => Array.from(a, (x, i) => x - b[i]!);

describe.each(variants)("%s", (variant) => {
  // With w_{t+1} = w_t - eta g_t, expanding |w_{t+1} - u|^2 and summing over t telescopes to
  //   sum <g_t, w_t - u> = (|w_1 - u|^2 - |w_{T+1} - u|^2) / (2 eta) + eta / 2 sum |g_t|^2,
  // for any gradients and any u. Analyses of online descent drop the negative term (Zinkevich 2003).
  test.each([1, 2, 3, 4, 5])("the regret of any gradients is what the telescope says, seed %d", (seed) => {
    const normal = normalNumbers(seed);
    const [dimension, steps, rate] = [37, 200, 0.05];
    const draw = () => Float64Array.from({ length: dimension }, normal);
    using set = parameters({ w: dimension }, { dtype: "float64", engine: engines[variant] });
    using optimizer = sgd(set, { learningRate: rate });
    set.values.w.set(draw());
    const u = draw();
    const atFirst = minus(set.values.w, u);
    let regret = 0;
    let squares = 0;
    for (let step = 0; step < steps; step++) {
      const gradient = draw().map((g) => g * 10 ** (step % 3));
      regret += dot(gradient, minus(set.values.w, u));
      squares += dot(gradient, gradient);
      set.gradients.w.set(gradient);
      optimizer.step();
    }
    const atLast = minus(set.values.w, u);
    const telescope = (dot(atFirst, atFirst) - dot(atLast, atLast)) / (2 * rate);
    expect(Math.abs(regret - telescope - (rate / 2) * squares)).toBeLessThan(
      1e-13 * (Math.abs(telescope) + (rate / 2) * squares),
    );
  });

  // f(w) = sum_i h_i (1 - cos w_i) has second derivatives between -H and H, H = max h_i, so one step of descent gains
  //   f(w_t) - f(w_{t+1}) >= eta (1 - H eta / 2) |grad f(w_t)|^2   for every w_t (Nesterov, 2004, section 1.2.3).
  test.each([0.1, 0.5, 1, 1.5, 1.99])("every step gains what smoothness promises, at %d / H", (share) => {
    const uniform = uniformNumbers(7);
    const h = Array.from({ length: 20 }, () => 0.2 + 2 * uniform());
    const H = Math.max(...h);
    const rate = share / H;
    const f = (w: ArrayLike<number>) => h.reduce((sum, hi, i) => sum + hi * (1 - Math.cos(w[i]!)), 0);
    using set = parameters({ w: [4, 5] }, { dtype: "float64", engine: engines[variant] });
    using optimizer = sgd(set, { learningRate: rate });
    set.values.w.forEach((_, i, w) => {
      w[i] = 6 * uniform() - 3;
    });
    let gained = 0;
    for (let step = 0; step < 100; step++) {
      const before = f(set.values.w);
      set.gradients.w.set(h.map((hi, i) => hi * Math.sin(set.values.w[i]!)));
      const promised = rate * (1 - (H * rate) / 2) * dot(set.gradients.w, set.gradients.w);
      optimizer.step();
      const gain = before - f(set.values.w);
      expect(gain).toBeGreaterThanOrEqual(promised - 1e-14);
      gained += gain;
    }
    expect(gained).toBeGreaterThan(10);
  });

  // On diag(h) descent is a geometric sequence: w_t = (1 - eta h)^t w_0.
  test("on a quadratic the path is geometric", () => {
    const h = [0.1, 0.7, 1, 1.9];
    using set = parameters({ w: 4 }, { dtype: "float64", engine: engines[variant] });
    using optimizer = sgd(set, { learningRate: 1 });
    set.values.w.fill(1);
    for (let step = 1; step <= 50; step++) {
      set.gradients.w.set(h.map((hi, i) => hi * set.values.w[i]!));
      optimizer.step();
      set.values.w.forEach((w, i) => {
        expect(Math.abs(w - (1 - h[i]!) ** step)).toBeLessThan(1e-14);
      });
    }
  });
});
