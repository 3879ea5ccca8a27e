import { InputError } from "../errors.js";
import type { Labels } from "./data-set.js";
import { Growing } from "./growing.js";

/** Labels as text: numbers as long as all of them are, else strings, of which equal ones are kept once. */
export class TextLabels {
  readonly #numbers = new Growing(Float64Array);
  #strings: string[] | undefined;
  readonly #seen = new Map<string, string>();

  push(label: string): void {
    const number = numberOf(label);
    const isNumber = !Number.isNaN(number);
    if (this.#strings === undefined) {
      if (isNumber) {
        this.#numbers.push(number);
        return;
      }
      this.#strings = Array.from(this.#numbers.finish(), (value) => this.#kept(String(value)));
    }
    // "1.0" among strings is the class of the "1.0" that were numbers still.
    this.#strings.push(this.#kept(isNumber ? String(number) : label.trim()));
  }

  finish(): Labels {
    return this.#strings ?? this.#numbers.finish();
  }

  #kept(label: string): string {
    const known = this.#seen.get(label);
    if (known !== undefined) return known;
    this.#seen.set(label, label);
    return label;
  }
}

/** The number that a text is; NaN for one that is none, or is not finite. */
export function numberOf(text: string): number {
  const number = Number(text);
  return Number.isFinite(number) && (number !== 0 || text.trim() !== "") ? number : Number.NaN;
}

/** Refuses a count of labels that is not that of the rows. */
export function checkCount(file: string, labels: number, rows: number): void {
  if (labels !== rows) throw new InputError(file, `there must be a label for each of the ${rows} rows, got ${labels}`);
}
