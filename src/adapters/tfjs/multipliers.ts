import type { CommonOptions } from "../../optimizers/common-options.js";
import type { Multiplier } from "../../optimizers/multiplier.js";

/** The options with functions of the name where there are records: variables come and go, and records name them all. */
export function withoutRecords<Options extends CommonOptions>(options: Options): Options {
  const given = Object.fromEntries(
    (["learningRateMultiplier", "weightDecayMultiplier"] as const).flatMap((name) =>
      options[name] === undefined ? [] : [[name, byName(options[name])]],
    ),
  );
  return { ...options, ...given };
}

function byName(multiplier: Multiplier): Multiplier {
  if (typeof multiplier !== "object" || multiplier === null) return multiplier;
  return (name) => (Object.hasOwn(multiplier, name) ? multiplier[name]! : 1);
}
