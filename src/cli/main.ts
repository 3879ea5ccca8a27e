import { CommanderError } from "commander";
import { type ExitCode, exitCodes, InputError, UsageError } from "./errors.js";
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
    if (interruption.signal.aborted) return exitCodes.interrupted;
    // It has said by itself what is wrong, or given the help that was asked for.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
    process.stderr.write(`schuss: ${error instanceof Error ? error.message : String(error)}\n`);
    if (error instanceof UsageError) return exitCodes.usage;
    if (error instanceof InputError) return exitCodes.input;
    return exitCodes.failed;
  }
}

// Whoever reads our output may have had enough of it, as `head` has.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  process.exit(error.code === "EPIPE" ? exitCodes.done : exitCodes.failed);
});

const ending = await run();
// After an interruption something may still wait for standard input.
if (ending === exitCodes.interrupted) process.exit(ending);
process.exitCode = ending;
