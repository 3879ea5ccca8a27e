import { checkInteger, checkNames, checkNumber, checkOneOf, given, nonNegative, positive } from "../check.js";

/**
 * What the weights pay or where they must lie, beside `l1` and `l2`. The intercept is free.
 *
 * - `groupLasso`: strength sum_g sqrt(|g|) |w_g|, groups as the group of every column or as lists of columns; a column
 *   outside all groups (a negative number, or in no list) pays nothing
 * - `box`: lower <= w_j <= upper, each a number or one a column; `nonNegative`: w_j >= 0
 * - `l2Ball`: |w| <= radius; `l1Ball`: |w|_1 <= radius; `simplex`: w_j >= 0 and sum w_j = radius, 1 by default
 */
export type Penalty =
  | {
      readonly kind: "groupLasso";
      readonly groups: ArrayLike<number> | readonly (readonly number[])[];
      readonly strength: number;
    }
  | {
      readonly kind: "box";
      readonly lower?: number | ArrayLike<number>;
      readonly upper?: number | ArrayLike<number>;
    }
  | { readonly kind: "nonNegative" }
  | { readonly kind: "l2Ball"; readonly radius: number }
  | { readonly kind: "l1Ball"; readonly radius: number }
  | { readonly kind: "simplex"; readonly radius?: number };

/** A penalty over the whole vector of weights, as its proximal map. */
export interface ProximalTerm {
  readonly kind: Penalty["kind"];
  /** Bounds of the columns where that is all there is to it: then it acts on every weight by itself. */
  readonly bounds?: { readonly lower: Float64Array; readonly upper: Float64Array };
  /** w <- argmin_v |v - w|^2 / (2 step) + penalty(v) */
  prox(w: Float64Array, step: number): void;
  value(w: Float64Array): number;
}

const ENTRIES: Record<Penalty["kind"], readonly string[]> = {
  groupLasso: ["kind", "groups", "strength"],
  box: ["kind", "lower", "upper"],
  nonNegative: ["kind"],
  l2Ball: ["kind", "radius"],
  l1Ball: ["kind", "radius"],
  simplex: ["kind", "radius"],
};

/** The penalty over `size` weights, `outputs` of them a column. */
export function checkPenalty(where: string, penalty: Penalty, columns: number, outputs: number): ProximalTerm {
  if (typeof penalty !== "object" || penalty === null) {
    throw new TypeError(`${where}: penalty must be an object with a kind, got ${given(penalty)}`);
  }
  const kind = checkOneOf(where, "penalty.kind", penalty.kind, Object.keys(ENTRIES) as Penalty["kind"][]);
  checkNames(where, `entry of the penalty "${kind}"`, penalty, ENTRIES[kind]);
  switch (penalty.kind) {
    case "groupLasso":
      return groupLasso(
        checkGroups(where, penalty.groups, columns, outputs),
        checkNumber(where, "penalty.strength", penalty.strength, nonNegative),
      );
    case "box":
      return box(
        "box",
        checkBound(where, "penalty.lower", penalty.lower ?? Number.NEGATIVE_INFINITY, columns, outputs),
        checkBound(where, "penalty.upper", penalty.upper ?? Number.POSITIVE_INFINITY, columns, outputs),
        where,
      );
    case "nonNegative": {
      const size = columns * outputs;
      return box("nonNegative", new Float64Array(size), new Float64Array(size).fill(Number.POSITIVE_INFINITY), where);
    }
    case "l2Ball":
      return l2Ball(checkNumber(where, "penalty.radius", penalty.radius, positive));
    case "l1Ball":
      return l1Ball(checkNumber(where, "penalty.radius", penalty.radius, positive));
    case "simplex":
      return simplex(checkNumber(where, "penalty.radius", penalty.radius ?? 1, positive));
  }
}

function checkBound(
  where: string,
  name: string,
  bound: number | ArrayLike<number>,
  columns: number,
  outputs: number,
): Float64Array {
  const all = new Float64Array(columns * outputs);
  if (typeof bound !== "number" && bound?.length !== columns) {
    throw new RangeError(`${where}: ${name} must be a number or have ${columns} elements, got ${given(bound)}`);
  }
  for (let k = 0; k < all.length; k++) {
    const value = typeof bound === "number" ? bound : bound[Math.floor(k / outputs)]!;
    if (typeof value !== "number" || Number.isNaN(value)) {
      throw new TypeError(`${where}: ${name} must hold numbers, got ${given(value)}`);
    }
    all[k] = value;
  }
  return all;
}

/** The places of every group's weights. */
function checkGroups(
  where: string,
  groups: ArrayLike<number> | readonly (readonly number[])[],
  columns: number,
  outputs: number,
): Int32Array[] {
  const lists = new Map<number, number[]>();
  const taken = new Uint8Array(columns);
  const take = (group: number, column: number) => {
    checkInteger(where, "a column in penalty.groups", column, 0, columns - 1);
    if (taken[column]) throw new RangeError(`${where}: column ${column} is in two groups; groups must not overlap`);
    taken[column] = 1;
    const list = lists.get(group) ?? [];
    for (let k = 0; k < outputs; k++) list.push(column * outputs + k);
    lists.set(group, list);
  };
  if (Array.isArray(groups) && (groups.length === 0 || Array.isArray(groups[0]))) {
    (groups as readonly (readonly number[])[]).forEach((list, group) => {
      for (const column of list) take(group, column);
    });
  } else {
    const numbers = groups as ArrayLike<number>;
    if (numbers?.length !== columns) {
      throw new RangeError(
        `${where}: penalty.groups must name the group of each of the ${columns} columns, or be lists of columns, got ${given(groups)}`,
      );
    }
    for (let column = 0; column < columns; column++) {
      if (numbers[column]! >= 0) take(numbers[column]!, column);
    }
  }
  return [...lists.values()].map((list) => Int32Array.from(list));
}

function box(kind: "box" | "nonNegative", lower: Float64Array, upper: Float64Array, where: string): ProximalTerm {
  const crossed = lower.findIndex((low, k) => low > upper[k]!);
  if (crossed >= 0) {
    throw new RangeError(
      `${where}: penalty.lower must not exceed penalty.upper, ${lower[crossed]} > ${upper[crossed]}`,
    );
  }
  return {
    kind,
    bounds: { lower, upper },
    prox: (w) => {
      for (let k = 0; k < lower.length; k++) w[k] = Math.min(Math.max(w[k]!, lower[k]!), upper[k]!);
    },
    value: () => 0,
  };
}

function groupLasso(groups: readonly Int32Array[], strength: number): ProximalTerm {
  const normOf = (w: Float64Array, group: Int32Array) => {
    let squares = 0;
    for (const k of group) squares += w[k]! * w[k]!;
    return Math.sqrt(squares);
  };
  return {
    kind: "groupLasso",
    prox: (w, step) => {
      for (const group of groups) {
        const norm = normOf(w, group);
        const threshold = step * strength * Math.sqrt(group.length);
        const kept = norm > threshold ? 1 - threshold / norm : 0;
        for (const k of group) w[k]! *= kept;
      }
    },
    value: (w) => groups.reduce((sum, group) => sum + strength * Math.sqrt(group.length) * normOf(w, group), 0),
  };
}

function l2Ball(radius: number): ProximalTerm {
  return {
    kind: "l2Ball",
    prox: (w) => {
      let squares = 0;
      for (let k = 0; k < w.length; k++) squares += w[k]! * w[k]!;
      const norm = Math.sqrt(squares);
      if (norm > radius) for (let k = 0; k < w.length; k++) w[k]! *= radius / norm;
    },
    value: () => 0,
  };
}

/**
 * The threshold that leaves sum_k max(u_k - threshold, 0) = radius, for numbers u: Held, Wolfe, Crowder 1974. u is sorted
 * anew.
 */
function simplexThreshold(u: Float64Array, radius: number): number {
  u.sort();
  let sum = 0;
  let threshold = Number.NEGATIVE_INFINITY;
  for (let k = u.length - 1, count = 1; k >= 0; k--, count++) {
    sum += u[k]!;
    const candidate = (sum - radius) / count;
    if (u[k]! <= candidate) break;
    threshold = candidate;
  }
  return threshold;
}

function l1Ball(radius: number): ProximalTerm {
  return {
    kind: "l1Ball",
    prox: (w) => {
      const magnitudes = w.map(Math.abs);
      let norm = 0;
      for (let k = 0; k < w.length; k++) norm += magnitudes[k]!;
      if (norm <= radius) return;
      const threshold = simplexThreshold(magnitudes, radius);
      for (let k = 0; k < w.length; k++) w[k] = Math.sign(w[k]!) * Math.max(Math.abs(w[k]!) - threshold, 0);
    },
    value: () => 0,
  };
}

function simplex(radius: number): ProximalTerm {
  return {
    kind: "simplex",
    prox: (w) => {
      const threshold = simplexThreshold(w.slice(), radius);
      for (let k = 0; k < w.length; k++) w[k] = Math.max(w[k]! - threshold, 0);
    },
    value: () => 0,
  };
}
