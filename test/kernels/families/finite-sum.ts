// assembly/finite-sum. These kernels keep a state over many steps, so the table says which there are, and
// ../linear-model.ts how to set up and call them.

export type Method = "sag" | "svrg" | "gradient";
export type Layout = "Dense" | "Csr";
export type Loss = "Logistic" | "Squared";

export const METHODS: readonly Method[] = ["sag", "svrg", "gradient"];
export const LAYOUTS: readonly Layout[] = ["Dense", "Csr"];
export const LOSSES: readonly Loss[] = ["Logistic", "Squared"];

export const finiteSumFamilies: readonly `${Method}${Layout}${Loss}`[] = METHODS.flatMap((method) =>
  LAYOUTS.flatMap((layout) => LOSSES.map((loss) => `${method}${layout}${loss}` as const)),
);

/** One kernel for both element types: columns of CSR models are f64. */
export const untypedKernels = ["settleCsr"] as const;
