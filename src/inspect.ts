/** What the console of Node, and of Bun, asks an object for how it is to be printed. */
export const INSPECT: unique symbol = /* @__PURE__ */ Symbol.for("nodejs.util.inspect.custom") as never;

/** How that console prints a value. */
export type Inspect = (value: unknown, style: object) => string;
