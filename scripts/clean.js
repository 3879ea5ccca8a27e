// Empties build/, so that nothing of an earlier layout is packed. The report of `npm start` stays.

import { existsSync, readdirSync, rmSync } from "node:fs";

const build = new URL("../build/", import.meta.url);

for (const name of existsSync(build) ? readdirSync(build) : []) {
  if (name !== "report.html") rmSync(new URL(name, build), { recursive: true });
}
