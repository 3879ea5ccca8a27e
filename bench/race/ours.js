import { iterate, minimizeSync } from "schuss/finite-sum";

const options = { passes: 5000 };

function problemOf({ rows, columns, features, labels }) {
  return { features, rows, columns, labels, loss: "logistic", l2: 1 / rows, intercept: false };
}

/** Seconds that pass, and seconds of the processor in all threads, the compiler's and the collector's too. */
const CLOCKS = {
  wall: () => performance.now() / 1000,
  cpu: () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  },
};

/** The least objective that can be had, by a method that the race is not about. */
export function bestOf(set) {
  const { objective } = minimizeSync(problemOf(set), { method: "lbfgs", tolerance: 1e-12, passes: 3000 });
  return objective;
}

/** A whole run, from typed arrays to the result: data brought in, steps, stop test, certificate. */
export function solve(set, tolerance, clock = "wall") {
  const began = CLOCKS[clock]();
  const { objective, passes, method, reason } = minimizeSync(problemOf(set), { ...options, tolerance });
  return { seconds: CLOCKS[clock]() - began, objective, passes, method, reason };
}

/** Passes until the relative gap is first below each level, looked at after every pass. */
export function passesTo(levels, set, best, method = "auto", seed = 0) {
  const passes = levels.map(() => undefined);
  for (const report of iterate(problemOf(set), { method, passes: 300, tolerance: 0, seed })) {
    const gap = (report.objective - best) / best;
    for (const [k, level] of levels.entries()) if (gap <= level) passes[k] ??= report.passes;
    if (passes.every((count) => count !== undefined)) break;
  }
  return passes;
}

/** The greatest tolerance, of which the result is within the gap. */
export function toleranceFor(level, set, best) {
  for (let tolerance = 0.1; tolerance > 1e-12; tolerance /= 1.5) {
    const result = solve(set, tolerance);
    if ((result.objective - best) / best <= level) return { tolerance, ...result };
  }
  return undefined;
}
