/** What the consoles of Node, Deno and Bun ask an object for how it is to be printed. */
export const INSPECT: unique symbol = /* @__PURE__ */ Symbol.for("nodejs.util.inspect.custom") as never;

/** How such a console prints a value. */
export type Inspect = (value: unknown, style: object) => string;
