// Pages served to Chromium, and what they print.

import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";
import { type Browser, chromium } from "playwright-core";
import { executablePath, flags } from "./chromium.js";

const types: Record<string, string> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".wasm": "application/wasm",
};

export async function launch(args: readonly string[] = flags): Promise<Browser> {
  try {
    return await chromium.launch({ executablePath, args: [...args] });
  } catch (cause) {
    throw new Error(`${executablePath} can't be started; \`node test/runtimes/install.js\` gets it`, { cause });
  }
}

async function firstOf(folders: readonly string[], path: string): Promise<Buffer> {
  for (const folder of folders.slice(0, -1)) {
    try {
      return await readFile(join(folder, path));
    } catch {
      // Perhaps in the next.
    }
  }
  return readFile(join(folders.at(-1)!, path));
}

/** Serves what is in the folders, everything with the same headers. */
function serve(folders: readonly string[], headers: Readonly<Record<string, string>>): Promise<Server> {
  const server = createServer(async ({ url }, response) => {
    const path = url!.split("?")[0]!;
    try {
      const body = await firstOf(folders, path);
      response.setHeaders(new Map(Object.entries({ ...headers, "content-type": types[extname(path)]! })));
      response.end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  return new Promise((resolve) => server.listen(0, "localhost", () => resolve(server)));
}

/** What a page logs first, as JSON, or an error with all that it said instead. */
async function logged<Report>(browser: Browser, address: string, timeout: number): Promise<Report> {
  const page = await browser.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  try {
    const report = page.waitForEvent("console", { predicate: (message) => message.type() === "log", timeout });
    const [message] = await Promise.all([report, page.goto(address)]);
    return JSON.parse(message.text());
  } catch (error) {
    throw new Error(`${address} gave no report: ${complaints.join("; ")}`, { cause: error });
  } finally {
    await page.close();
  }
}

/** The report that a page in the folders gives. */
export async function visit<Report>(
  browser: Browser,
  page: string,
  folders: readonly string[],
  { headers = {}, timeout = 30_000 }: { headers?: Readonly<Record<string, string>>; timeout?: number } = {},
): Promise<Report> {
  const server = await serve(folders, headers);
  try {
    return await logged(browser, `http://localhost:${(server.address() as AddressInfo).port}/${page}`, timeout);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}
