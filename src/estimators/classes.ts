import { given } from "../check.js";

/** What a class is called. */
export type Label = number | string;

/** The classes of a classifier in ascending order: numbers by value, strings by code point. */
export class Classes {
  readonly labels: readonly Label[];
  readonly #indices: ReadonlyMap<Label, number>;

  constructor(labels: readonly Label[]) {
    this.labels = labels;
    this.#indices = new Map(labels.map((label, index) => [label, index]));
  }

  get count(): number {
    return this.labels.length;
  }

  /** The place of a label among the classes, -1 for one that is none of them. */
  indexOf(label: Label): number {
    return this.#indices.get(label) ?? -1;
  }

  /** The class of each row, as a place among the classes; -1 for a label that is none of them. */
  encode(labels: ArrayLike<Label>): Int32Array {
    const indices = new Int32Array(labels.length);
    for (let i = 0; i < labels.length; i++) indices[i] = this.indexOf(labels[i]!);
    return indices;
  }
}

/** Refuses labels that are no array of numbers or of strings. */
export function checkLabels(where: string, labels: ArrayLike<Label>): void {
  if (typeof labels !== "object" || labels === null || typeof labels.length !== "number") {
    throw new TypeError(`${where}: labels must be an array of numbers or of strings, got ${given(labels)}`);
  }
  const kind = typeof labels[0];
  for (let i = 0; i < labels.length; i++) {
    const label: unknown = labels[i];
    if (typeof label !== "number" && typeof label !== "string") {
      throw new TypeError(`${where}: the label of row ${i} must be a number or a string, got ${given(label)}`);
    }
    if (typeof label !== kind) {
      throw new TypeError(
        `${where}: labels must be all numbers or all strings; row 0 has a ${kind}, row ${i} ${given(label)}`,
      );
    }
    if (typeof label === "number" && !Number.isFinite(label)) {
      throw new RangeError(`${where}: the label of row ${i} is ${label}`);
    }
  }
}

/** The classes that occur among the labels; there must be two. */
export function classesOf(where: string, labels: ArrayLike<Label>): Classes {
  checkLabels(where, labels);
  const distinct = new Set<Label>();
  for (let i = 0; i < labels.length; i++) distinct.add(labels[i]!);
  if (distinct.size < 2) {
    const found = distinct.size === 0 ? "there are none" : `all are ${JSON.stringify(labels[0])}`;
    throw new RangeError(`${where}: labels must be of at least two classes, ${found}`);
  }
  const fraction = distinct.size === 2 ? -1 : firstFraction(labels);
  if (fraction >= 0) {
    const what = "labels of more than two classes must be strings or whole numbers";
    throw new RangeError(`${where}: ${what}, got ${labels[fraction]} in row ${fraction}`);
  }
  return new Classes([...distinct].sort(ascending));
}

/** The first row whose label is a number with a fraction: what is measured, and hardly a class. -1 if there is none. */
function firstFraction(labels: ArrayLike<Label>): number {
  return Array.prototype.findIndex.call(
    labels,
    (label: Label) => typeof label === "number" && !Number.isInteger(label),
  );
}

function ascending(a: Label, b: Label): number {
  return a < b ? -1 : 1;
}
