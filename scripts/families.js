// The families of kernels: every file directly in assembly/ lists the exports of one.

import { readdirSync } from "node:fs";

export const families = readdirSync(new URL("../assembly/", import.meta.url))
  .filter((name) => name.endsWith(".ts"))
  .map((name) => name.slice(0, -".ts".length));
