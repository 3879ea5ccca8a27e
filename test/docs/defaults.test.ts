// What docstrings say of defaults is what the code does, for every rule and convention.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { mentioned } from "../../scripts/docs/defaults.js";
import type { Convention, Optimizer, Target } from "../../src/index.js";
import * as schuss from "../../src/index.js";
import { engines } from "../memory/engines.js";
import { type Docstring, ruleDocstrings } from "./docstrings.js";

type Options = Readonly<Record<string, unknown>>;
type Create = (target: Target, options: Options) => Optimizer;

const CONVENTIONS: readonly Convention[] = ["torch", "optax", "tfjs", "keras"];

/** The options of a rule as they are decided; undefined where it refuses the convention. */
function optionsOf(rule: string, convention: Convention): Options | undefined {
  const create = (schuss as unknown as Record<string, Create>)[rule]!;
  try {
    using optimizer = create([new Float64Array(1)], { convention, engine: engines.strict });
    return optimizer.options;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

const parse = (text: string): unknown => {
  const bare = text.replaceAll("`", "");
  return bare === "Infinity" ? Number.POSITIVE_INFINITY : JSON.parse(bare);
};

/** Options whose default is no number or name: their docstrings say it in words. */
const inWords = ["exponent", "grafting", "now", "rootWorker"];

/** `0.9 (tfjs, keras: 0.95; ...)` as a value for every convention. */
function documented(text: string): Record<Convention, unknown> {
  const [, standard, others = ""] = /^(\[[^\]]*\]|`?"?[\w.-]+"?`?)[^(]*(?:\(([^)]*)\))?/.exec(text)!;
  const values = Object.fromEntries(CONVENTIONS.map((convention) => [convention, parse(standard!)]));
  for (const [, names, value] of others.matchAll(/((?:\w+, )*\w+): (`?"?[\w.-]+"?`?)/g)) {
    for (const name of names!.split(", ")) values[name] = parse(value!);
  }
  return values as Record<Convention, unknown>;
}

/** The options that a rule has for itself, and what their docstrings say behind "Default". */
function ownOptions({ path, name, text }: Docstring): Record<string, string> {
  const source = readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
  const type = new RegExp(`function ${name}\\(target: Target, options: (\\w+)`).exec(source)![1]!;
  const body = new RegExp(`interface ${type} extends CommonOptions \\{([\\s\\S]*?)^\\}`, "m").exec(source)?.[1] ?? "";
  const properties = body.matchAll(/\/\*\*([\s\S]*?)\*\/\s*readonly (\w+)\?/g);
  const own = [...properties].map(([, comment, option]) => {
    const words = comment!.replace(/^\s*\* ?/gm, "").replace(/\s+/g, " ");
    return [option!, /Default:? (.*?)\.? *$/.exec(words)?.[1] ?? ""];
  });
  const sentence = /@param options ([\s\S]*?)\n@/.exec(text)![1]!.replace(/\s+/g, " ");
  const common = ["learningRate", "weightDecay", "decoupledWeightDecay"].flatMap((option) => {
    const standard = mentioned(option, sentence);
    return standard === undefined ? [] : [[option, standard]];
  });
  return Object.fromEntries([...common, ...own]);
}

describe.each(ruleDocstrings())("$name", (docstring) => {
  const said = ownOptions(docstring);

  test("says the default of the learning rate and of every option of its own", () => {
    expect(Object.keys(said)).toContain("learningRate");
    for (const [option, text] of Object.entries(said)) expect(text, option).not.toBe("");
  });

  test.each(CONVENTIONS)("under %s has the defaults that it says", (convention) => {
    const options = optionsOf(docstring.name, convention);
    if (options === undefined) return;
    const unsaid = { weightDecay: "0", decoupledWeightDecay: "false" };
    for (const [option, text] of Object.entries({ ...unsaid, ...said })) {
      if (!inWords.includes(option)) expect(options[option], option).toStrictEqual(documented(text)[convention]);
    }
  });

  test("says in a sentence what the table says", () => {
    const sentence = /@param options ([\s\S]*?)\n@/.exec(docstring.text)![1]!.replace(/\s+/g, " ");
    for (const [option, text] of Object.entries(said)) {
      const also = mentioned(option, sentence);
      if (also !== undefined && !inWords.includes(option))
        expect(documented(also).torch, option).toStrictEqual(documented(text).torch);
    }
  });
});
