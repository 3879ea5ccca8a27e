import { kernels } from "schuss/kernels";

/** The compiled variants that this runtime takes. */
export function availableVariants() {
  return ["strict", "relaxed"].filter((variant) => {
    try {
      kernels(new WebAssembly.Memory({ initial: 0 }), { variant });
      return true;
    } catch {
      return false;
    }
  });
}
