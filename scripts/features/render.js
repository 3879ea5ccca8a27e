// FEATURES.md, made of the facts about others and of the package itself. What has no facts is an error: every rule,
// schedule and option has its row.

import { missingRules, missingSchedules, options, rest, rules, schedules } from "./facts.js";

const CONVENTIONS = ["torch", "optax", "tfjs", "keras"];

const table = (head, rows) => [head, head.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");

const or = (fact) => fact ?? "";

function factsOf(facts, kind, name) {
  if (!Object.hasOwn(facts, name))
    throw new RangeError(`scripts/features/facts.js says nothing of the ${kind} ${name}`);
  return facts[name];
}

/** A value as it is written in code, small numbers with an exponent. */
function shown(value) {
  if (typeof value === "function") return "a function";
  if (typeof value !== "number" || value === 0 || !Number.isFinite(value))
    return JSON.stringify(value) ?? String(value);
  return Math.abs(value) < 0.01 ? value.toExponential().replace("e+0", "") : String(value);
}

const code = (value) => `\`${value === Number.POSITIVE_INFINITY ? "Infinity" : shown(value)}\``;

/**
 * The update rules of the package, and their options under every convention; undefined where a rule refuses one.
 * @param {Record<string, any>} schuss
 */
export function rulesOf(schuss) {
  const optionsOf = (create, convention) => {
    try {
      const optimizer = create([new Float64Array(1)], { convention });
      const decided = optimizer.options;
      optimizer.dispose();
      return decided;
    } catch (error) {
      if (error instanceof RangeError) return undefined;
      throw error;
    }
  };
  const { load, defaultEngine, parameters, kfac, ...others } = schuss;
  return Object.fromEntries(
    Object.entries(others)
      .filter(([, create]) => typeof create === "function")
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, create]) => [name, Object.fromEntries(CONVENTIONS.map((c) => [c, optionsOf(create, c)]))]),
  );
}

function defaults(made) {
  const inAll = Object.keys(options);
  const rows = Object.entries(made).flatMap(([rule, { torch, ...others }]) =>
    Object.keys(torch)
      .filter((option) => option !== "convention")
      .filter((option) => {
        const differs = Object.values(others).some((o) => o !== undefined && !Object.is(o[option], torch[option]));
        return differs || !inAll.includes(option) || option === "learningRate";
      })
      .map((option) => {
        const cells = Object.values(others).map((o) => {
          if (o === undefined) return "refused";
          return Object.is(o[option], torch[option]) ? "" : code(o[option]);
        });
        return [`\`${rule}\``, `\`${option}\``, code(torch[option]), ...cells];
      }),
  );
  return table(["rule", "option", "default", "optax", "tfjs", "keras"], rows);
}

/**
 * @param {Record<string, any>} schuss the package
 * @returns {string}
 */
export function render(schuss) {
  const made = rulesOf(schuss);
  const ruleRows = Object.keys(made).map((name) => {
    const { torch, optax, tfjs } = factsOf(rules, "rule", name);
    return [`\`${name}\``, or(torch), or(optax), or(tfjs)];
  });
  const common = Object.keys(made.signSgd.torch);
  const optionRows = common.map((name) => {
    const { what, torch, optax, tfjs } = factsOf(options, "option", name);
    return [`\`${name}\`: ${what}`, or(torch), or(optax), or(tfjs)];
  });
  const scheduleRows = Object.keys(schuss.schedules)
    .sort()
    .map((name) => {
      const { torch, optax } = factsOf(schedules, "schedule", name);
      return [`\`${name}\``, or(torch), or(optax)];
    });
  const notYet = Object.entries(rules)
    .filter(([name]) => !Object.hasOwn(made, name))
    .flatMap(([, peers]) => Object.entries(peers).map(([library, names]) => [library, names, "none"]));
  const has = (library) => ruleRows.filter((row) => row[{ torch: 1, optax: 2, tfjs: 3 }[library]] !== "").length;
  return `# Features, beside torch.optim, optax and TensorFlow.js

Made by \`npm run features\` from the package and from what is known of the others (\`scripts/features/facts.js\`: torch 2.x,
optax 0.2.8, TensorFlow.js 4.22); a test fails when it is out of date. An empty cell: nothing of the kind.

## Rules

${ruleRows.length} here; of these torch has ${has("torch")}, optax ${has("optax")}, TensorFlow.js ${has("tfjs")}.

${table(["here", "torch.optim", "optax", "TensorFlow.js"], ruleRows)}

What they have beyond these:

${table(["library", "there", "here"], [...missingRules, ...notYet])}

## Options of every rule

${table(["here", "torch.optim", "optax", "TensorFlow.js"], optionRows)}

## What is around a rule

${table(["", "here", "torch.optim", "optax", "TensorFlow.js"], rest)}

## Schedules

TensorFlow.js has none.

${table(["here", "torch", "optax"], scheduleRows)}

What they have beyond these:

${table(["library", "there", "here"], missingSchedules)}

## Defaults, convention by convention

The defaults of every rule's own options, and of the common ones that differ; a cell for what a convention changes.
\`convention: "torch"\` is the default. Where the formulas differ [CONVENTIONS.md](CONVENTIONS.md) says how.

${defaults(made)}
`;
}
