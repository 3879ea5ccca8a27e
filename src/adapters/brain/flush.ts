/** After so many steps what decays is cut off, before it sinks into the subnormal range. */
export const FLUSH_EVERY = 64;
export const FLUSH_BELOW = 2 ** -100;
