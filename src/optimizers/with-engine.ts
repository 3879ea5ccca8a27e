import type { Engine } from "../memory/engine.js";

/** Where the copies of the caller's arrays live. A parameter set has its own engine. Default: `defaultEngine()`. */
export interface WithEngine {
  readonly engine?: Engine;
}
