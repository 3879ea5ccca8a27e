/**
 * Rules of this package for `@jax-js/jax`.
 * @module schuss/jax
 */

export type { Jax } from "./host.js";
export {
  type GradientTransformation,
  gradientTransformation,
  type OptState,
  type Rule,
  type RuleOptions,
} from "./transformation.js";
