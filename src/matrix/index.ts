// Optimizers that see a tensor as a matrix: one line each.

export type { Grafting } from "./grafting.js";
export { type Kfac, type KfacOptions, type KfacState, kfac } from "./kfac.js";
export { type MuonOptions, muon } from "./muon.js";
export type { RootJob, RootWorker } from "./root-worker.js";
export type { RootOptions } from "./roots.js";
export { type ShampooOptions, shampoo } from "./shampoo.js";
export { type SoapOptions, soap } from "./soap.js";
