// Optimizers that see a tensor as a matrix: one line each.

export { type MuonOptions, muon } from "./muon.js";
