// The packed tarball in Chromium: bundled by esbuild and by Vite, on the main thread and in a Worker, and under content
// security policies that bar WebAssembly or allow it.

import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname, extname, join } from "node:path";
import { build as buildWithEsbuild } from "esbuild";
import { type Browser, chromium } from "playwright-core";
import { build as buildWithVite } from "vite";
import { afterAll, beforeAll } from "vitest";
import { executablePath, flags } from "./chromium.js";
import { type Project, project } from "./project.js";
import { describeRuntime, type Report } from "./report.js";

let current: Project;
let browser: Browser;

beforeAll(async () => {
  browser = await chromium.launch({ executablePath, args: flags }).catch((error) => {
    throw new Error(`${executablePath} can't be started; \`node test/runtimes/install.js\` gets it`, { cause: error });
  });
  current = await project();
  const entries = join(current.folder, "entries");
  const pages = ["page.html", "worker.html"].map((name) => join(entries, name));
  await buildWithEsbuild({
    entryPoints: [...pages, join(entries, "script.js"), join(entries, "start-worker.js")],
    outdir: folderOf("esbuild"),
    bundle: true,
    format: "esm",
    loader: { ".html": "copy" },
    logLevel: "error",
  });
  await buildWithVite({
    root: entries,
    configFile: false,
    logLevel: "error",
    build: { outDir: folderOf("Vite"), rollupOptions: { input: pages } },
  });
});

afterAll(async () => {
  await current?.remove();
  await browser?.close();
});

type Bundler = "esbuild" | "Vite";

const folderOf = (bundler: Bundler) => join(dirname(current.folder), bundler);

const types: Record<string, string> = { ".html": "text/html", ".js": "text/javascript" };

/** Serves a folder, everything with the one content security policy. */
function serve(folder: string, policy: string): Promise<Server> {
  const server = createServer(async ({ url }, response) => {
    try {
      const body = await readFile(join(folder, url!));
      response.setHeader("content-security-policy", policy);
      response.setHeader("content-type", types[extname(url!)]!);
      response.end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  return new Promise((resolve) => server.listen(0, "localhost", () => resolve(server)));
}

/** The report that a page logs, or an error with all that it logged instead. */
async function logged(address: string): Promise<Report> {
  const page = await browser.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  try {
    const report = page.waitForEvent("console", { predicate: (message) => message.type() === "log", timeout: 30_000 });
    const [message] = await Promise.all([report, page.goto(address)]);
    return JSON.parse(message.text());
  } catch (error) {
    throw new Error(`${address} gave no report: ${complaints.join("; ")}`, { cause: error });
  } finally {
    await page.close();
  }
}

async function visited(bundler: Bundler, page: string, policy: string): Promise<Report> {
  const server = await serve(folderOf(bundler), policy);
  try {
    return await logged(`http://localhost:${(server.address() as AddressInfo).port}/${page}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const compiles = { takes: ["relaxed", "strict", "reference"], reason: /^compiled from inlined bytes$/ } as const;
const barred = {
  takes: ["reference"],
  reason: /^plain JavaScript; not relaxed: .*Content Security Policy.*; not strict: .*Content Security Policy/,
} as const;

const policies = [
  { policy: "", described: "no policy", ...compiles },
  { policy: "script-src 'self' 'wasm-unsafe-eval'", described: "a policy that allows WebAssembly", ...compiles },
  { policy: "script-src 'self'", described: "a policy that bars WebAssembly", ...barred },
];

for (const { policy, described, ...expected } of policies) {
  for (const bundler of ["esbuild", "Vite"] as const) {
    const name = `Chromium, ${bundler}, ${described}`;
    describeRuntime({ name, ...expected, report: () => visited(bundler, "page.html", policy) });
    describeRuntime({ name: `${name}, Worker`, ...expected, report: () => visited(bundler, "worker.html", policy) });
  }
}
