// Empties build/, so that nothing of an earlier layout is packed. The report of `npm start` stays, and so do the families'
// binaries: what is not of the present sources is compiled again.

import { existsSync, readdirSync, rmSync } from "node:fs";
import { families } from "./families.js";

const build = new URL("../build/", import.meta.url);

function stays(name) {
  const [first, , last] = name.split(".");
  return name === "report.html" || (families.includes(first) && ["wasm", "wat", "stamp"].includes(last));
}

for (const name of existsSync(build) ? readdirSync(build) : []) {
  if (!stays(name)) rmSync(new URL(name, build), { recursive: true });
}
