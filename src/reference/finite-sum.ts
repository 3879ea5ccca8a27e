// assembly/finite-sum.ts in plain TypeScript: see ./core.ts.

import type { LinearMemory } from "./element.js";
import { sagaCsr, sagCsr, svrgCsr } from "./finite-sum/csr.js";
import { settleCsr, squaredGradientCsr } from "./finite-sum/csr-columns.js";
import { sdcaCsr } from "./finite-sum/csr-dual.js";
import { gradientCsr, predictCsr, resumCsr } from "./finite-sum/csr-gradient.js";
import { hessianCsr, hessianDiagonalCsr } from "./finite-sum/csr-hessian.js";
import { squaredNormsCsr } from "./finite-sum/csr-norms.js";
import { sagaDense, sagDense, svrgDense } from "./finite-sum/dense.js";
import { sdcaDense } from "./finite-sum/dense-dual.js";
import { gradientDense, predictDense, resumDense } from "./finite-sum/dense-gradient.js";
import { hessianDense, hessianDiagonalDense } from "./finite-sum/dense-hessian.js";
import { padDense } from "./finite-sum/dense-padding.js";
import { conjugates, searchSmoothness, slopes } from "./finite-sum/margins.js";
import { multiCsr, multiDense } from "./finite-sum/multi.js";
import { multiStepsCsr, multiStepsDense } from "./finite-sum/multi-steps.js";
import { type Typed, typedTable } from "./table.js";

const kernels = {
  padDense,
  sagDense,
  sagaDense,
  svrgDense,
  sdcaDense,
  gradientDense,
  predictDense,
  resumDense,
  hessianDense,
  hessianDiagonalDense,
  sagCsr,
  sagaCsr,
  svrgCsr,
  sdcaCsr,
  gradientCsr,
  predictCsr,
  resumCsr,
  hessianCsr,
  hessianDiagonalCsr,
  multiDense,
  multiCsr,
  multiStepsDense,
  multiStepsCsr,
  squaredNormsCsr,
  slopes,
  conjugates,
  searchSmoothness,
};

/** The kernels of the finite-sum solvers. The columns of CSR models are f64, so one kernel settles them. */
export type FiniteSumKernels = Typed<typeof kernels> & {
  settleCsr: ReturnType<typeof settleCsr>;
  squaredGradientCsr: ReturnType<typeof squaredGradientCsr>;
};

export const finiteSumReference = (memory: LinearMemory): FiniteSumKernels => ({
  ...typedTable(kernels, memory),
  settleCsr: settleCsr(memory),
  squaredGradientCsr: squaredGradientCsr(memory),
});
