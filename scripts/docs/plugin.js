// What typedoc is to do beside its own: formulas, tables of options, and the fonts of the formulas beside the pages.

import { cpSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Converter, JSX, ReflectionKind, RendererEvent } from "typedoc";
import { addOptionsTables } from "./options-table.js";

const katex = dirname(createRequire(import.meta.url).resolve("katex/package.json"));

/** @param {import("typedoc").Application} app */
export function load(app) {
  app.converter.on(Converter.EVENT_RESOLVE_END, ({ project }) => {
    addOptionsTables(project.getReflectionsByKind(ReflectionKind.CallSignature));
  });
  app.renderer.hooks.on("head.end", (context) =>
    JSX.createElement("link", { rel: "stylesheet", href: context.relativeURL("assets/katex.min.css") }),
  );
  app.renderer.on(RendererEvent.END, ({ outputDirectory }) => {
    const assets = join(outputDirectory, "assets");
    cpSync(join(katex, "dist/katex.min.css"), join(assets, "katex.min.css"));
    for (const font of readdirSync(join(katex, "dist/fonts")).filter((name) => name.endsWith(".woff2"))) {
      cpSync(join(katex, "dist/fonts", font), join(assets, "fonts", font));
    }
  });
}
