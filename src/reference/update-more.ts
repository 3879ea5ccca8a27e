// assembly/update-more.ts in plain TypeScript.

import type { LinearMemory } from "./element.js";
import { type Typed, typedTable } from "./table.js";
import * as adabelief from "./update/adabelief.js";
import * as adadelta from "./update/adadelta.js";
import * as adamax from "./update/adamax.js";
import * as dampedAdam from "./update/damped-adam.js";
import * as frequencyAwareSgd from "./update/frequency-aware-sgd.js";
import * as lion from "./update/lion.js";
import * as nadam from "./update/nadam.js";
import * as optimistic from "./update/optimistic.js";
import * as prodigy from "./update/prodigy.js";
import * as rmsprop from "./update/rmsprop.js";
import * as rprop from "./update/rprop.js";
import * as scheduleFree from "./update/schedule-free.js";
import * as signSgd from "./update/sign-sgd.js";
import * as windowedMomentum from "./update/windowed-momentum.js";
import * as yogi from "./update/yogi.js";

const kernels = {
  ...rmsprop,
  ...adadelta,
  ...lion,
  ...adamax,
  ...nadam,
  ...yogi,
  ...adabelief,
  ...rprop,
  ...dampedAdam,
  ...signSgd,
  ...frequencyAwareSgd,
  ...windowedMomentum,
  ...scheduleFree,
  ...prodigy,
  ...optimistic,
};

/** All other update rules. */
export type UpdateMoreKernels = Typed<typeof kernels>;

export const updateMoreReference = (memory: LinearMemory): UpdateMoreKernels => typedTable(kernels, memory);
