// Pages and their programs as bundlers make them of the packed tarball.

import { type BuildOptions, build as buildWithEsbuild } from "esbuild";
import { build as buildWithVite, type InlineConfig } from "vite";

export const bundleWithEsbuild = (outdir: string, options: Pick<BuildOptions, "entryPoints" | "define">) =>
  buildWithEsbuild({
    ...options,
    outdir,
    bundle: true,
    format: "esm",
    loader: { ".html": "copy" },
    logLevel: "error",
  });

export const bundleWithVite = (
  outDir: string,
  root: string,
  pages: string[],
  options: Pick<InlineConfig, "worker"> = {},
) =>
  buildWithVite({
    ...options,
    root,
    configFile: false,
    logLevel: "error",
    build: { outDir, rollupOptions: { input: pages } },
  });
