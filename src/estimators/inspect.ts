import type { Coefficients } from "./coefficients.js";
import type { Trained } from "./training.js";

/** What the console of Node, and of Bun, asks an object for how it is to be printed. */
export const INSPECT: unique symbol = /* @__PURE__ */ Symbol.for("nodejs.util.inspect.custom") as never;

/** How that console prints a value. */
export type Inspect = (value: unknown, style: object) => string;

/**
 * An estimator in the console: its class, its options, and what it has learnt, of the weights how many.
 *
 * @param style the console's, handed on
 */
export function printed(
  estimator: string,
  options: object,
  learnt: (Trained & { readonly classes?: { readonly labels: readonly unknown[] } }) | undefined,
  style: object,
  inspect: Inspect,
): string {
  if (learnt === undefined) return `${estimator} ${inspect({ options, fitted: false }, style)}`;
  const { coefficients, runs, classes } = learnt;
  const facts = {
    options,
    fitted: true,
    ...(classes ? { classes: classes.labels, ...ofOutputs(coefficients) } : ofOne(coefficients)),
    ...(runs.length > 0 && {
      converged: runs.every(({ converged }) => converged),
      passes: runs.reduce((sum, { passes }) => sum + passes, 0),
    }),
  };
  return `${estimator} ${inspect(facts, style)}`;
}

const ofOne = ({ columns, intercepts }: Coefficients) => ({
  weights: bare(`Float64Array(${columns})`),
  intercept: intercepts[0],
});

const ofOutputs = ({ columns, outputs, intercepts }: Coefficients) => ({
  weights: bare(`${outputs} x Float64Array(${columns})`),
  intercepts,
});

/** A text that is printed without quotes. */
const bare = (text: string) => ({ [INSPECT]: () => text });
