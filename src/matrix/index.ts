// Optimizers that see a tensor as a matrix: one line each.

export { type Kfac, type KfacOptions, type KfacState, kfac } from "./kfac.js";
export { type MuonOptions, muon } from "./muon.js";
