import { CommanderError } from "commander";
import { type ExitCode, exitCodes, InputError, inFlags, UsageError } from "./errors.js";
import { makeProgram } from "./program.js";

/** Runs the command line and says how it ended. */
async function run(): Promise<ExitCode> {
  const interruption = new AbortController();
  process.once("SIGINT", () => interruption.abort(new Error("interrupted")));
  const program = makeProgram(interruption.signal);
  try {
    await program.parseAsync();
    return program.exitCode;
  } catch (error) {
    if (interruption.signal.aborted) {
      process.stderr.write("schuss: interrupted\n");
      return exitCodes.interrupted;
    }
    // It has said by itself what is wrong, or given the help that was asked for.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
    process.stderr.write(`schuss: ${messageOf(error)}\n`);
    if (error instanceof UsageError) return exitCodes.usage;
    if (error instanceof InputError) return exitCodes.input;
    return exitCodes.failed;
  }
}

/** What the library says of a wrong value names the function and its options: here they are flags. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error instanceof RangeError ? inFlags(error.message) : error.message;
}

// Whoever reads our output may have had enough of it, as `head` has.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    process.exit(error.code === "EPIPE" ? exitCodes.done : exitCodes.failed);
  });
}

const ending = await run();
// After an interruption something may still wait for standard input.
if (ending === exitCodes.interrupted) process.exit(ending);
process.exitCode = ending;
