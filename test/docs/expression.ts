// Evaluates the formulas of docstrings over matrices, every operation element by element, sides of length 1 stretched.

export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly data: Float64Array;
}

export const scalar = (value: number): Matrix => ({ rows: 1, columns: 1, data: new Float64Array([value]) });

export function zip(a: Matrix, b: Matrix, f: (x: number, y: number) => number): Matrix {
  const rows = Math.max(a.rows, b.rows);
  const columns = Math.max(a.columns, b.columns);
  const at = (m: Matrix, i: number, j: number) =>
    m.data[(m.rows === 1 ? 0 : i) * m.columns + (m.columns === 1 ? 0 : j)]!;
  const data = Float64Array.from({ length: rows * columns }, (_, k) => {
    const [i, j] = [Math.floor(k / columns), k % columns];
    return f(at(a, i, j), at(b, i, j));
  });
  return { rows, columns, data };
}

const map = (a: Matrix, f: (x: number) => number): Matrix => ({ ...a, data: a.data.map(f) });
const fold = (a: Matrix, f: (x: number, y: number) => number) => scalar(a.data.reduce(f));
const sum = (x: number, y: number) => x + y;

/** Over the index j of columns or i of rows. */
function along(index: "i" | "j", a: Matrix, f: (x: number, y: number) => number): Matrix {
  const [rows, columns] = index === "j" ? [a.rows, 1] : [1, a.columns];
  const data = Float64Array.from({ length: rows * columns }, (_, k) =>
    (index === "j"
      ? a.data.slice(k * a.columns, (k + 1) * a.columns)
      : a.data.filter((__, e) => e % a.columns === k)
    ).reduce(f),
  );
  return { rows, columns, data };
}

const functions: Record<string, (...values: Matrix[]) => Matrix> = {
  sqrt: (a) => map(a!, Math.sqrt),
  sign: (a) => map(a!, Math.sign),
  max: (a, b) => zip(a!, b!, Math.max),
  min: (a, b) => zip(a!, b!, Math.min),
  dot: (a, b) =>
    fold(
      zip(a!, b!, (x, y) => x * y),
      sum,
    ),
  rms: (a) =>
    map(
      fold(
        map(a!, (x) => x * x),
        sum,
      ),
      (x) => Math.sqrt(x / a!.data.length),
    ),
  max_i: (a) => along("i", a!, (x, y) => Math.max(x, y)),
  max_j: (a) => along("j", a!, (x, y) => Math.max(x, y)),
  mean_i: (a) => map(along("i", a!, sum), (x) => x / a!.rows),
  mean_j: (a) => map(along("j", a!, sum), (x) => x / a!.columns),
};

export type Values = Readonly<Record<string, Matrix>>;
export type Calls = Readonly<Record<string, (at: Matrix) => Matrix>>;

const token = /\s*(?:(\d+(?:\.\d+)?(?:e-?\d+)?)|([A-Za-z]+\d*(?:_(?:\([^)]*\)|\w+))?)|(\|\|_1|\|\||[-+*/^(),|]))/y;

function tokens(expression: string): string[] {
  const found: string[] = [];
  token.lastIndex = 0;
  while (token.lastIndex < expression.trimEnd().length) {
    const at = token.lastIndex;
    const match = token.exec(expression);
    if (match === null) throw new SyntaxError(`no formula: ${expression.slice(at)}`);
    found.push(match[1] ?? match[2] ?? match[3]!);
  }
  return found;
}

/** Subscripts that only run over the elements: g_ij is all of g. */
export const nameOf = (name: string) => name.replace(/_(?:i|j|ij)$/, "");

/** The value of an expression: products written side by side bind as those with a star, and both as quotients do. */
export function evaluate(expression: string, values: Values, calls: Calls = {}): Matrix {
  const rest = tokens(expression);
  const take = (expected?: string) => {
    const next = rest.shift();
    if (next === undefined || (expected !== undefined && next !== expected)) {
      throw new SyntaxError(`${expression}: ${expected ?? "more"} expected, got ${next}`);
    }
    return next;
  };
  const starts = (next: string | undefined) => next !== undefined && /^[\w(]|^\|\|?$/.test(next);

  function total(closing?: string): Matrix {
    let value = product(closing);
    while (rest[0] === "+" || rest[0] === "-") {
      const plus = take() === "+";
      value = zip(value, product(closing), (x, y) => (plus ? x + y : x - y));
    }
    return value;
  }
  function product(closing?: string): Matrix {
    let value = power();
    while (rest[0] !== closing) {
      if (rest[0] === "/") {
        take();
        value = zip(value, power(), (x, y) => x / y);
      } else if (rest[0] === "*" || starts(rest[0])) {
        if (rest[0] === "*") take();
        value = zip(value, power(), (x, y) => x * y);
      } else break;
    }
    return value;
  }
  function power(): Matrix {
    const base = atom();
    if (rest[0] !== "^") return base;
    take();
    return zip(base, atom(), (x, y) => x ** y);
  }
  function list(): Matrix[] {
    take("(");
    const items = [total()];
    while (rest[0] === ",") {
      take();
      items.push(total());
    }
    take(")");
    return items;
  }
  function atom(): Matrix {
    if (rest[0] === "(") return list()[0]!;
    const next = take();
    if (next === "-") return map(power(), (x) => -x);
    if (next === "|") {
      const value = map(total("|"), Math.abs);
      take("|");
      return value;
    }
    if (next === "||") {
      const inside = total("||");
      const norm = take();
      return norm === "||_1"
        ? fold(map(inside, Math.abs), sum)
        : map(
            fold(
              map(inside, (x) => x * x),
              sum,
            ),
            Math.sqrt,
          );
    }
    if (/^\d/.test(next)) return scalar(Number(next));
    const call = calls[next] ?? functions[next];
    if (call !== undefined && rest[0] === "(") return call(...list());
    const value = values[nameOf(next)];
    if (value === undefined) throw new RangeError(`${expression}: what is ${next}?`);
    return value;
  }

  const value = total();
  if (rest.length > 0) throw new SyntaxError(`${expression}: not understood from ${rest[0]}`);
  return value;
}
