import { checkNumber, given, nonNegative } from "../check.js";

/** Factors by parameter name; `true` and `false` stand for 1 and 0. */
export type Multiplier = Readonly<Record<string, number | boolean>> | ((name: string) => number | boolean);

export function checkMultiplier(where: string, option: string, multiplier: unknown): void {
  if (multiplier === undefined || typeof multiplier === "function") return;
  if (typeof multiplier !== "object" || multiplier === null) {
    throw new TypeError(`${where}: ${option} must be a record of factors or a function, got ${given(multiplier)}`);
  }
}

/**
 * The factor of every name.
 * @throws RangeError for a record that has a name which is none of these, or a factor below 0
 */
export function factors(
  where: string,
  option: string,
  multiplier: Multiplier | undefined,
  names: readonly string[],
): readonly number[] {
  if (multiplier === undefined) return names.map(() => 1);
  if (typeof multiplier !== "function") {
    for (const name of Object.keys(multiplier)) {
      if (names.includes(name)) continue;
      throw new RangeError(`${where}: ${option} has "${name}", which is no parameter; there are ${names.join(", ")}`);
    }
  }
  return names.map((name) => {
    const factor =
      typeof multiplier === "function" ? multiplier(name) : Object.hasOwn(multiplier, name) ? multiplier[name] : 1;
    return checkNumber(
      where,
      `${option} of "${name}"`,
      typeof factor === "boolean" ? Number(factor) : factor,
      nonNegative,
    );
  });
}
