// Sees to it that there is a Chromium for the browser tests: Debian's, unless the variable CHROMIUM names another.

import { spawnSync } from "node:child_process";
import { accessSync, constants, readFileSync } from "node:fs";
import { debian, executablePath } from "./chromium.js";

function isThere() {
  try {
    accessSync(executablePath, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function isDebian() {
  try {
    return /^ID=debian$/m.test(readFileSync("/etc/os-release", "utf8"));
  } catch {
    return false;
  }
}

function giveUp(why) {
  console.error(`The browser tests need Chromium: ${why}
On Debian, as root: apt-get update && apt-get install -y --no-install-recommends chromium
Elsewhere: CHROMIUM=/path/to/chromium npm run test:runtimes`);
  process.exit(1);
}

function aptGet(...operands) {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const { status } = spawnSync("apt-get", operands, { stdio: "inherit", env });
  if (status !== 0) giveUp(`apt-get ${operands[0]} failed.`);
}

if (!isThere()) {
  if (executablePath !== debian) giveUp(`CHROMIUM is ${executablePath}, which can't be run.`);
  if (!isDebian() || process.getuid() !== 0)
    giveUp(`there is no ${debian}, and only root on Debian can install it from here.`);
  aptGet("update");
  aptGet("install", "-y", "--no-install-recommends", "chromium");
  if (!isThere()) giveUp(`there is still no ${debian}.`);
}
