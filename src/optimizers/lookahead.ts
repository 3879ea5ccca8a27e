import { checkInteger, checkNumber, checkOptions, unit } from "../check.js";

/**
 * Lookahead (Zhang et al. 2019): every `steps` steps slow <- slow + rate (p - slow), and p <- slow. The slow weights start
 * as the parameters.
 */
export interface LookaheadOptions {
  /** >= 1. Default 5. */
  readonly steps?: number;
  /** In [0, 1]. Default 0.5. */
  readonly rate?: number;
}

const defaults = { steps: 5, rate: 0.5 };

export function checkLookahead(where: string, lookahead: LookaheadOptions | undefined): void {
  if (lookahead === undefined) return;
  checkOptions(`${where}: lookahead`, lookahead, Object.keys(defaults));
  const { steps, rate } = resolveLookahead(lookahead);
  checkInteger(where, "lookahead.steps", steps, 1, Number.MAX_SAFE_INTEGER);
  checkNumber(where, "lookahead.rate", rate, unit);
}

export function resolveLookahead(lookahead: LookaheadOptions): Required<LookaheadOptions> {
  return { ...defaults, ...lookahead };
}
