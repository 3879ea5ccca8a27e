import type { Coefficients } from "./coefficients.js";
import type { Trained } from "./training.js";

/** What the consoles of Node, Deno and Bun ask an object for how it is to be printed. */
export const INSPECT: unique symbol = /* @__PURE__ */ Symbol.for("nodejs.util.inspect.custom") as never;

/** How such a console prints a value. */
export type Inspect = (value: unknown, style: object) => string;

/**
 * An estimator in such a console: its class, its options, and what it has learnt, of the weights how many.
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
    // Of gradient descent along rows there is no certificate to be had.
    ...(runs.some(({ method }) => method !== "sgd") && { converged: runs.every(({ converged }) => converged) }),
    ...(runs.length > 0 && {
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
