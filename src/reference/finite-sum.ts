// assembly/finite-sum.ts in plain TypeScript: see ./core.ts.

import type { LinearMemory } from "./element.js";
import * as csr from "./finite-sum/csr.js";
import * as dense from "./finite-sum/dense.js";
import { type Typed, typedTable } from "./table.js";

const { settleCsr, ...typedCsr } = csr;

const kernels = { ...dense, ...typedCsr };

/** The kernels of the finite-sum solvers. The columns of CSR models are f64, so one kernel settles them. */
export type FiniteSumKernels = Typed<typeof kernels> & { settleCsr: ReturnType<typeof settleCsr> };

export const finiteSumReference = (memory: LinearMemory): FiniteSumKernels => ({
  ...typedTable(kernels, memory),
  settleCsr: settleCsr(memory),
});
