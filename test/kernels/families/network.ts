// assembly/network. The kernels take layers of several shapes, so the table says which there are; test/network has the rest.

export const networkFamilies = [
  "denseForward",
  "denseBackward",
  "activationDeltas",
  "momentumOuter",
  "adamOuter",
  "clippedRmspropOuter",
  "perceptronEpoch",
] as const;
