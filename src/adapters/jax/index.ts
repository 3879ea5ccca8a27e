/**
 * Rules of this package for `@jax-js/jax`. One line of a program whose steps are outside of `jit` is changed:
 *
 * ```diff
 * - const transformation = optax.adamw(1e-3);
 * + const transformation = gradientTransformation(jax, adamw, { learningRate: 1e-3 });
 * ```
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
