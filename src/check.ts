// Checks of arguments. A wrong type is a TypeError, a wrong value a RangeError; the text says what was given, what is
// allowed, and the name of the thing, after the name of the function that was called.

import { nearestName } from "./nearest.js";

/** "[0, 1)" in words of two numbers and whether the ends belong. Infinite ends never belong. */
export interface Interval {
  readonly from: number;
  readonly to: number;
  readonly fromOpen?: boolean;
  readonly toOpen?: boolean;
}

export const unit: Interval = { from: 0, to: 1 };
export const belowOne: Interval = { from: 0, to: 1, toOpen: true };
export const nonNegative: Interval = { from: 0, to: Number.POSITIVE_INFINITY };
export const positive: Interval = { from: 0, fromOpen: true, to: Number.POSITIVE_INFINITY };
export const insideUnit: Interval = { from: 0, fromOpen: true, to: 1, toOpen: true };
export const unitAboveZero: Interval = { from: 0, fromOpen: true, to: 1 };
export const atLeastOne: Interval = { from: 1, to: Number.POSITIVE_INFINITY };

function describe({ from, to, fromOpen, toOpen }: Interval): string {
  return `${fromOpen ? "(" : "["}${from}, ${to}${toOpen || to === Number.POSITIVE_INFINITY ? ")" : "]"}`;
}

/** What was given, short enough for a message. */
export function given(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "function") return "a function";
  if (typeof value === "object" && value !== null) {
    const name = value.constructor?.name ?? "object";
    return `${/^[AEIOUaeiou]/.test(name) ? "an" : "a"} ${name}`;
  }
  return String(value);
}

export function checkNumber(where: string, name: string, value: unknown, interval: Interval): number {
  if (typeof value !== "number") throw new TypeError(`${where}: ${name} must be a number, got ${given(value)}`);
  const { from, to, fromOpen, toOpen } = interval;
  const inside = (fromOpen ? value > from : value >= from) && (toOpen ? value < to : value <= to);
  if (!inside || value === Number.POSITIVE_INFINITY) {
    throw new RangeError(`${where}: ${name} must be in ${describe(interval)}, got ${value}`);
  }
  return value;
}

export function checkInteger(where: string, name: string, value: unknown, from: number, to: number): number {
  if (typeof value !== "number") throw new TypeError(`${where}: ${name} must be an integer, got ${given(value)}`);
  if (!Number.isInteger(value) || value < from || value > to) {
    throw new RangeError(`${where}: ${name} must be an integer in [${from}, ${to}], got ${value}`);
  }
  return value;
}

export function checkBoolean(where: string, name: string, value: unknown): boolean {
  if (typeof value !== "boolean") throw new TypeError(`${where}: ${name} must be true or false, got ${given(value)}`);
  return value;
}

export function checkOneOf<T extends string>(where: string, name: string, value: unknown, allowed: readonly T[]): T {
  if (!allowed.includes(value as T)) {
    const list = allowed.map((a) => JSON.stringify(a)).join(", ");
    const meant = typeof value === "string" ? question(value, allowed) : "";
    throw new RangeError(`${where}: ${name} must be one of ${list}, got ${given(value)}${meant}`);
  }
  return value as T;
}

/** What a name was meant to be, in brackets; nothing where it is nearly none of the known ones. */
function question(name: string, known: readonly string[]): string {
  const nearest = nearestName(name, known);
  return nearest === undefined ? "" : ` (did you mean "${nearest}"?)`;
}

/** Throws for a name that is not among the known ones: a misspelt option must not pass for one left out. */
export function checkNames(where: string, what: string, object: object, known: readonly string[]): void {
  for (const name of Object.keys(object)) {
    if (known.includes(name)) continue;
    const meant = question(name, known);
    throw new RangeError(`${where}: there is no ${what} "${name}"${meant}; there are ${known.join(", ")}`);
  }
}

/** An object of options, with none that is unknown. */
export function checkOptions(where: string, options: unknown, known: readonly string[]): void {
  if (typeof options !== "object" || options === null) {
    throw new TypeError(`${where}: options must be an object, got ${given(options)}`);
  }
  checkNames(where, "option", options, known);
}

/** An array, of `length` elements if that is given; `what` says where the length comes from. */
export function checkArray(where: string, name: string, value: unknown, length?: number, what?: string): void {
  if (!Array.isArray(value)) throw new TypeError(`${where}: ${name} must be an array, got ${given(value)}`);
  if (length !== undefined && value.length !== length) {
    throw new RangeError(`${where}: ${name} must have ${length} elements, ${what}, got ${value.length}`);
  }
}

/** Integers, each greater than the one before and the first at least `from`. */
export function checkIncreasing(where: string, name: string, values: readonly unknown[], from: number): void {
  let least = from;
  for (const [i, value] of values.entries()) {
    least = checkInteger(where, `${name}[${i}]`, value, least, Number.MAX_SAFE_INTEGER) + 1;
  }
}

/** A function, or undefined. */
export function checkFunction(where: string, name: string, value: unknown): void {
  if (value !== undefined && typeof value !== "function") {
    throw new TypeError(`${where}: ${name} must be a function, got ${given(value)}`);
  }
}
