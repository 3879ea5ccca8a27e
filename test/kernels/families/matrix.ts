// assembly/matrix. The kernels take matrices of several shapes, so the table says which there are; test/matrix has the rest.

export const matrixFamilies = [
  "gemm",
  "gemmLower",
  "gemmScratch",
  "symmetricEigen",
  "symmetricEigenScratch",
  "qr",
  "qrScratch",
  "refreshBasis",
  "refreshBasisScratch",
  "recompose",
  "recomposeScratch",
] as const;
