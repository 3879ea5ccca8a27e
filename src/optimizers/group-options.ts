import { given } from "../check.js";
import type { CommonOptions } from "./common-options.js";
import type { Multiplier } from "./multiplier.js";

/** The options of a group: all but those that concern all groups together. */
export type GroupOptions = Omit<
  CommonOptions,
  "clipNorm" | "nonFinite" | "lossScale" | "accumulate" | "clearGradients" | "sharpness"
>;

const wholeOptions: readonly Exclude<keyof CommonOptions, keyof GroupOptions>[] = [
  "clipNorm",
  "nonFinite",
  "lossScale",
  "accumulate",
  "clearGradients",
  "sharpness",
];

/** The options of a group that comes later: its own over those of the optimizer. */
export function groupOptions<Options extends CommonOptions>(where: string, all: Options, own: GroupOptions): Options {
  if (typeof own !== "object" || own === null) {
    throw new TypeError(`${where}: options must be an object, got ${given(own)}`);
  }
  const present = Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined));
  for (const name of wholeOptions) {
    if (name in present) throw new RangeError(`${where}: ${name} is an option of the whole optimizer`);
  }
  return { ...withoutNames(all), ...present };
}

/** The options without what speaks of parameters by name, which a group has others of. */
function withoutNames<Options extends CommonOptions>(options: Options): Options {
  const nameless = (multiplier: Multiplier | undefined) => (typeof multiplier === "function" ? multiplier : undefined);
  return {
    ...options,
    learningRateMultiplier: nameless(options.learningRateMultiplier),
    weightDecayMultiplier: nameless(options.weightDecayMultiplier),
  };
}
