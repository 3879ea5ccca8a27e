// Runs the formulas of a docstring as the program that they are: line after line, step after step.

import { parseBlock } from "../../scripts/docs/formula.js";
import { type Calls, evaluate, type Matrix, nameOf, scalar, type Values, zip } from "./expression.js";

type Options = Readonly<Record<string, unknown>>;

const comparisons: Record<string, (x: number, y: number) => boolean> = {
  "=": (x, y) => x === y,
  "!=": (x, y) => x !== y,
  "<": (x, y) => x < y,
  ">": (x, y) => x > y,
};

/** Whether a condition holds, one `and` after another: of options, or of numbers. */
function holds(condition: string, options: Options, values: Values): boolean {
  return condition.split(" and ").every((part) => {
    const [, not, option, value] = /^(not )?([a-zA-Z]{2,})(?: = "(\w+)")?$/.exec(part) ?? [];
    if (option !== undefined) {
      if (!(option in options)) throw new RangeError(`${condition}: there is no option ${option}`);
      return (value === undefined ? options[option] === true : options[option] === value) === (not === undefined);
    }
    const [, left, sign, right] = /^(.+) (=|!=|<|>) (.+)$/.exec(part)!;
    return comparisons[sign!]!(evaluate(left!, values).data[0]!, evaluate(right!, values).data[0]!);
  });
}

/** 1 where a condition on the elements holds. */
function mask(condition: string, values: Values): Matrix {
  const [, left, sign, right] = /^(.+) (=|!=|<|>) (.+)$/.exec(condition)!;
  return zip(evaluate(left!, values), evaluate(right!, values), (x, y) => Number(comparisons[sign!]!(x, y)));
}

export interface Run {
  readonly block: string;
  readonly options: Options;
  readonly start: Matrix;
  readonly steps: number;
  /** The gradient at a point, in the step of that number, from 0. */
  readonly gradient: (at: Matrix, step: number) => Matrix;
  /** What the formulas name and don't define, in step t. */
  readonly others?: (t: number) => Readonly<Record<string, number>>;
  /** Functions that the formulas name and don't define. */
  readonly functions?: Calls;
}

/** The parameters after every step. What has no value before the first step is 0. */
export function run({
  block,
  options,
  start,
  steps,
  gradient,
  others = () => ({}),
  functions = {},
}: Run): readonly Matrix[] {
  const lines = parseBlock(block);
  const numbers = Object.entries(options).filter(([, value]) => typeof value === "number");
  const values: Record<string, Matrix> = {
    ...Object.fromEntries(lines.map(({ left }) => [nameOf(left), scalar(0)])),
    ...Object.fromEntries(numbers.map(([name, value]) => [name, scalar(value as number)])),
    p: start,
    p_0: start,
    q: start,
  };
  for (const { left, right, note } of lines) {
    if (note === "at the start") values[nameOf(left)] = evaluate(right, values);
  }
  const trajectory: Matrix[] = [];
  for (let t = 1; t <= steps; t++) {
    values.t = scalar(t);
    values.g = gradient(values.p!, t - 1);
    for (const [name, value] of Object.entries(others(t))) values[name] = scalar(value);
    const calls = { ...functions, g: (at: Matrix) => gradient(at, t - 1) };
    for (const { left } of lines) {
      if (left.endsWith("_t")) values[`${left.slice(0, -1)}(t-1)`] = values[left]!;
    }
    let held = true;
    for (const { left, sign, right, note } of lines) {
      if (sign !== "<-" && sign !== "=") throw new SyntaxError(`${left} ${sign}: no assignment`);
      const name = nameOf(left);
      if (note === "at the start") continue;
      if (note.startsWith("if ")) held = holds(note.slice(3), options, values);
      const runs = note === "" || note.startsWith("where ") || (note === "otherwise" ? !held : held);
      if (!runs) continue;
      const value = evaluate(right, values, calls);
      if (note.startsWith("where ")) {
        const where = mask(note.slice(6), values);
        const kept = zip(values[name]!, where, (x, m) => (m === 1 ? Number.NaN : x));
        values[name] = zip(kept, value, (x, y) => (Number.isNaN(x) ? y : x));
      } else values[name] = value;
    }
    trajectory.push(values.p!);
  }
  return trajectory;
}
