import { checkNames, given } from "../check.js";
import { FAMILY_NAMES, type FamilyName } from "./families/family.js";

/** Compiled modules that somebody gave, by the family that they are of. */
export type Modules = Readonly<Partial<Record<FamilyName, object>>>;

const tag = (value: unknown) => Object.prototype.toString.call(value);

/** Not `instanceof`, which is false for a module of another realm, as in edge runtimes. */
const isModule = (value: unknown) => tag(value) === "[object WebAssembly.Module]";

/** What was given as `module`, by family: a module by itself is that of `core`. */
export function checkModules(module: object): Modules {
  if (isModule(module)) return { core: module };
  if (tag(module) !== "[object Object]" || Object.keys(module).length === 0) {
    throw new TypeError(
      `kernels: module must be a WebAssembly.Module, or an object of them by family, got ${given(module)}`,
    );
  }
  checkNames("kernels", "family", module, FAMILY_NAMES);
  for (const [family, value] of Object.entries(module)) {
    if (!isModule(value)) {
      throw new TypeError(`kernels: module["${family}"] must be a WebAssembly.Module, got ${given(value)}`);
    }
  }
  return module;
}
