// On the page of a function that takes options: a table of them, made of the docstrings of their properties. In these the
// default is the last sentence, and whose it is stands in brackets: "Decay, in [0, 1). Default 0.9 (keras: 0.95)."

import { Comment } from "typedoc";
import { mentioned } from "./defaults.js";

/** Links become names: a cell holds text. */
const text = (parts) => Comment.combineDisplayParts(parts).replace(/\{@link (\w+)\}/g, "`$1`");

const cell = (markdown) => markdown.trim().replace(/\s+/g, " ").replaceAll("|", "\\|");

/** What an option means, and its default. */
function split(comment) {
  const [, meaning, standard] = /^([\s\S]*?)\s*Default:?\s([\s\S]*?)\.?$/.exec(comment.trim()) ?? [null, comment, ""];
  return { meaning, standard };
}

const option = (name, type) => `\`${name}\` <small>${type.replaceAll("|", "\\|")}</small>`;

/** The declarations that a type refers to, through intersections. */
function declarationsOf(type) {
  if (type?.type === "intersection") return type.types.flatMap(declarationsOf);
  return type?.type === "reference" && type.reflection?.children ? [type.reflection] : [];
}

/** The common options whose default differs from rule to rule. */
const OF_THE_RULE = {
  learningRate: ["number | Schedule", "The step size, or a schedule of it."],
  weightDecay: ["number | Schedule", "Coefficient of the decay, or a schedule of it."],
  decoupledWeightDecay: ["boolean", "Whether the decay stands beside the step, or in the gradient."],
};

/** The table for the parameter `options` of an update rule; undefined for those of other functions. */
function table(parameter) {
  const declarations = declarationsOf(parameter.type);
  const own = declarations.find(({ name }) => name.endsWith("Options") && name !== "CommonOptions");
  const isRule = declarations.some(({ name, extendedTypes }) =>
    [name, ...(extendedTypes ?? []).map(String)].includes("CommonOptions"),
  );
  if (!isRule) return undefined;
  const sentence = text(parameter.comment?.summary ?? []);
  const rows = [];
  for (const [name, [type, meaning]] of Object.entries(OF_THE_RULE)) {
    const standard = mentioned(name, sentence);
    if (standard !== undefined) rows.push([option(name, type), cell(standard), meaning]);
  }
  for (const property of own?.children?.filter(
    ({ inheritedFrom }) => !inheritedFrom?.name.startsWith("CommonOptions."),
  ) ?? []) {
    const { meaning, standard } = split(text(property.comment?.summary ?? []));
    rows.push([
      option(property.name, String(property.type).replace(" | undefined", "")),
      cell(standard),
      cell(meaning),
    ]);
  }
  const head = "| Option | Default | |\n|---|---|---|\n";
  const lines = rows.map((row) => `| ${row.join(" | ")} |\n`).join("");
  return rows.length > 0 ? head + lines : "";
}

/** Puts the table behind the summary. */
export function addOptionsTables(signatures) {
  for (const { parameters, comment } of signatures) {
    const parameter = parameters?.find(({ name }) => name === "options");
    const markdown = parameter && table(parameter);
    if (markdown === undefined || comment === undefined) continue;
    const common = declarationsOf(parameter.type)
      .flatMap((declaration) => [declaration, ...(declaration.extendedTypes ?? []).map((type) => type.reflection)])
      .find((declaration) => declaration?.name === "CommonOptions");
    comment.summary.push(
      { kind: "text", text: `\n\n#### Options\n\n${markdown}\nand those that every rule has, ` },
      { kind: "inline-tag", tag: "@link", text: "CommonOptions", target: common },
      { kind: "text", text: ", from gradient clipping to averages." },
    );
    if (parameter.comment) parameter.comment.summary = [{ kind: "text", text: "the options above" }];
  }
}
