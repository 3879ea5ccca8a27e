// First, so that everything below is evaluated under the watch.
import "./watch.js";

import { run } from "../program.js";
import { uses } from "./watch.js";

const atImport = uses();

export async function report() {
  const outcome = await run();
  return { ...outcome, uses: { atImport, later: uses() - atImport } };
}
