// The rows of TensorFlow.js in Chromium: `node bench/hosts/tfjs-chromium.js steps wasm`, or `fit`, or `cpu`. The variable CHROMIUM
// names another browser than Debian's.

import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { chromium } from "playwright-core";
import { loadDigits } from "../../examples/mnist/data.js";
import { report } from "./rows.js";
import { SAMPLES } from "./tfjs-fits.js";

const [what = "steps", backend = "wasm"] = process.argv.slice(2);

const source = fileURLToPath(new URL(".", import.meta.url));
const binaries = dirname(createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm"));
const types = { ".html": "text/html", ".js": "text/javascript", ".wasm": "application/wasm" };

const folder = await mkdtemp(join(tmpdir(), "schuss-bench-"));
await build({
  entryPoints: ["tfjs-page.html", "tfjs-page.js"].map((name) => join(source, name)),
  outdir: folder,
  bundle: true,
  format: "esm",
  target: "esnext",
  loader: { ".html": "copy" },
  logLevel: "error",
});
const digits = loadDigits("train", SAMPLES, Float32Array);
await writeFile(join(folder, "pixels.bin"), digits.pixels);
await writeFile(join(folder, "labels.bin"), digits.labels);
const server = createServer(async (request, response) => {
  const url = request.url.replace(/\?.*/, "");
  const type = extname(url);
  try {
    response.setHeader("content-type", types[type] ?? "text/plain");
    response.setHeader("cache-control", "no-store");
    response.end(await readFile(join(type === ".wasm" ? binaries : folder, url)));
  } catch {
    response.writeHead(404).end();
  }
});
await new Promise((resolve) => server.listen(0, "localhost", resolve));
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu"],
});
const page = await browser.newPage();
page.on("pageerror", (error) => console.error(error));
const [message] = await Promise.all([
  page.waitForEvent("console", { predicate: (each) => each.type() === "log", timeout: 140_000 }),
  page.goto(`http://localhost:${server.address().port}/tfjs-page.html?what=${what}&backend=${backend}`),
]);
report(...JSON.parse(message.text()));
await browser.close();
server.closeAllConnections();
server.close();
await rm(folder, { recursive: true, force: true });
