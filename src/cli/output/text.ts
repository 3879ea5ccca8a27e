/** A number for people: six digits at most. */
export function short(value: number): string {
  return String(Number(value.toPrecision(6)));
}

/** A score of 1 at best: 0 where nothing but rounding keeps it from that. */
export function score(value: number): string {
  return short(Math.abs(value) < 1e-9 ? 0 : value);
}

export function seconds(value: number): string {
  return `${value < 10 ? value.toFixed(2) : value.toFixed(1)} s`;
}

export function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? "" : "s"}`;
}

/** Lines for people on standard output. */
export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Lines about the work, apart from its results. */
export function note(line: string): void {
  process.stderr.write(`schuss: ${line}\n`);
}
