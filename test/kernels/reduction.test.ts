import { reductionFamilies } from "./families/reduction.js";
import { LONG, sweep } from "./sweep.js";

/** Two, three, four and five blocks of 4,096, and one element to either side. */
const BLOCKS = [8191, 8192, 8193, 12287, 12288, 12289, 16385, 20481];

sweep(reductionFamilies, [...LONG, ...BLOCKS]);
