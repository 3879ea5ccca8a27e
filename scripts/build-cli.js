// Bundles the command into build/cli/, so that who installs the package gets no dependencies with it: the libraries it
// uses go into the bundle, their licences beside it. The package's own modules are imported from build/, not repeated.

import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const source = join(root, "src");
const command = join(source, "cli");
const target = join(root, "build", "cli");

/** Modules of the package outside the command, as seen from the bundle. */
const ownModules = {
  name: "own modules",
  setup({ onResolve }) {
    const external = (path) => ({ path: relative(target, path).replaceAll(sep, "/"), external: true });
    onResolve({ filter: /^\.\.?\// }, ({ path, resolveDir }) => {
      const file = join(resolveDir, path);
      const inside = file.startsWith(source + sep) && !file.startsWith(command + sep);
      return inside ? external(join(root, "build", relative(source, file))) : undefined;
    });
    onResolve({ filter: /^schuss(\/|$)/ }, ({ path }) => external(fileURLToPath(import.meta.resolve(path))));
  },
};

const { metafile } = await build({
  entryPoints: [join(command, "main.ts")],
  outdir: target,
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20",
  // The syntax stays as it is: `bench` times loops as one would write them.
  minifyWhitespace: true,
  minifyIdentifiers: true,
  metafile: true,
  legalComments: "none",
  banner: {
    js: '#!/usr/bin/env node\nimport { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
  },
  plugins: [ownModules],
});

/** The folders of the packages in the bundle. */
function bundledPackages() {
  const folders = new Set();
  for (const path of Object.keys(metafile.inputs)) {
    const [, folder] = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path) ?? [];
    if (folder !== undefined) folders.add(join(root, folder));
  }
  return [...folders].sort();
}

function licenceOf(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  if (!["MIT", "ISC", "BSD-3-Clause", "Apache-2.0"].includes(license)) {
    throw new Error(`${name} can't be bundled under the licence ${license}`);
  }
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file === undefined ? "" : `\n\n${readFileSync(join(folder, file), "utf8").trim()}`;
  return `${name} ${version}, ${license}${text}\n`;
}

const licences = bundledPackages().map(licenceOf);
if (!existsSync(dirname(target))) throw new Error("build/ is missing");
writeFileSync(
  join(target, "LICENSES.txt"),
  `The command contains these packages:\n\n${licences.join(`\n${"-".repeat(72)}\n\n`)}`,
);
