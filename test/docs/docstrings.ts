// The docstrings of the sources, as text.

import { readdirSync, readFileSync } from "node:fs";

const root = new URL("../../", import.meta.url);

export interface Docstring {
  /** The file, from the root of the repository. */
  readonly path: string;
  /** What it stands on: a function, a class, a method. */
  readonly name: string;
  /** Without the stars. */
  readonly text: string;
}

const declaration =
  /^\/\*\*\n((?: \*(?!\/).*\n)*?) \*\/\nexport (?:async )?(?:abstract )?(?:function\*?|class|const) (\w+)/gm;

/** The docstrings of everything that files under `folder` export. */
export function docstringsUnder(folder: string): readonly Docstring[] {
  return readdirSync(new URL(folder, root), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .sort()
    .flatMap((name) => {
      const path = `${folder}${name}`;
      const source = readFileSync(new URL(path, root), "utf8");
      return [...source.matchAll(declaration)].map(([, stars, declared]) => ({
        path,
        name: declared!,
        text: stars!.replace(/^ \* ?/gm, ""),
      }));
    });
}

/** Those of the update rules: what makes an optimizer of a target. */
export const ruleDocstrings = (): readonly Docstring[] =>
  [...docstringsUnder("src/optimizers/rules/"), ...docstringsUnder("src/matrix/")].filter(({ path, name }) =>
    readFileSync(new URL(path, root), "utf8").includes(`export function ${name}(target: Target`),
  );

/** The blocks fenced as `math`. */
export const formulasOf = ({ text }: Docstring): readonly string[] =>
  [...text.matchAll(/^```math\n([\s\S]*?)^```$/gm)].map(([, block]) => block!);

/** The code of the `@example`s. */
export const examplesOf = ({ text }: Docstring): readonly string[] =>
  [...text.matchAll(/@example[ \n]([\s\S]*?)(?=\n@|$(?![\s\S]))/g)].map(([, code]) => code!.trim());
