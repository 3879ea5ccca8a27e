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

/** What torch.optim, optax, scikit-learn and SciPy write, whose letters lead nowhere. */
const elsewhere: Readonly<Record<string, readonly string[]>> = {
  lr: ["learningRate", "stepSize"],
  learningRate: ["stepSize"],
  eps: ["epsilon"],
  b1: ["beta1"],
  b2: ["beta2"],
  alpha: ["decay"],
  rho: ["decay"],
  ema: ["average", "exponential"],
  schedule: ["learningRate"],
  max_norm: ["clipNorm"],
  max_grad_norm: ["clipNorm"],
  tol: ["tolerance"],
  max_iter: ["passes"],
  maxIter: ["passes"],
  X: ["features"],
  y: ["labels"],
  data: ["values"],
  indptr: ["offsets"],
};

/** The words of a name in camel case or with underscores. */
const wordsOf = (name: string) => name.split(/_|(?=[A-Z])/).map((word) => word.toLowerCase());

/**
 * The known name whose words are all in the other name, or the other way about: `frequency` for `precondition_frequency`. That
 * with the fewest words more or less, the first if there are several.
 */
function sharingWords(name: string, known: readonly string[]): string | undefined {
  const words = wordsOf(name);
  let nearest: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const candidate of known) {
    const others = wordsOf(candidate);
    const [fewer, more] = words.length < others.length ? [words, others] : [others, words];
    const away = more.length - fewer.length;
    if (away >= least || !fewer.every((word) => more.includes(word))) continue;
    nearest = candidate;
    least = away;
  }
  return nearest;
}

/**
 * What a name was meant to be: what other libraries call so, else the known name that differs least, the first if there are
 * several, else one of the same words; undefined if all differ by more than two characters and a word.
 */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  const translated = Object.hasOwn(elsewhere, name)
    ? elsewhere[name]!.find((meant) => known.includes(meant))
    : undefined;
  if (translated !== undefined) return translated;
  let nearest: string | undefined;
  // A name of one or two characters is within two of every other.
  let least = Math.min(MOST + 1, name.length);
  for (const candidate of known) {
    const away = distance(name, candidate);
    if (away >= least) continue;
    nearest = candidate;
    least = away;
  }
  return nearest ?? sharingWords(name, known);
}
