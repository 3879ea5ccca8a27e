// schuss/jax: rules of this package for @jax-js/jax.

export type { Jax } from "./host.js";
export {
  type GradientTransformation,
  gradientTransformation,
  type OptState,
  type Rule,
  type RuleOptions,
} from "./transformation.js";
