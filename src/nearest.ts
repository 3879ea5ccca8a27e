/** How many characters may differ between a name and what it was meant to be. */
const MOST = 2;

/** Characters to leave out, put in, replace, or exchange with their neighbour to make one name of another. */
function distance(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, j) => j);
  for (let i = 1; i <= from.length; i++) {
    const row = [i];
    for (let j = 1; j <= to.length; j++) {
      const replaced = last[j - 1]! + Number(from[i - 1] !== to[j - 1]);
      row[j] = Math.min(last[j]! + 1, row[j - 1]! + 1, replaced);
      const exchanged = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      if (exchanged) row[j] = Math.min(row[j]!, beforeLast[j - 2]! + 1);
    }
    beforeLast = last;
    last = row;
  }
  return last[to.length]!;
}

/** What torch.optim, optax and scikit-learn write, whose letters lead nowhere. */
const elsewhere: Readonly<Record<string, string>> = {
  lr: "learningRate",
  eps: "epsilon",
  b1: "beta1",
  b2: "beta2",
  alpha: "decay",
  rho: "decay",
  tol: "tolerance",
  max_iter: "passes",
};

/**
 * The known name that differs least, the first if there are several; undefined if all differ by more than two characters, and
 * other libraries don't call a known one so either.
 */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  const translated = Object.hasOwn(elsewhere, name) ? elsewhere[name]! : "";
  if (known.includes(translated)) return translated;
  let nearest: string | undefined;
  // A name of one or two characters is within two of every other.
  let least = Math.min(MOST + 1, name.length);
  for (const candidate of known) {
    const away = distance(name, candidate);
    if (away >= least) continue;
    nearest = candidate;
    least = away;
  }
  return nearest;
}
