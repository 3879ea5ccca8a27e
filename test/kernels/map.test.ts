import { mapFamilies } from "./families/map.js";
import { LONG, sweep } from "./sweep.js";

sweep(mapFamilies, LONG);
