/** What the command says to the shell. Documented in the help; a crash of Node itself would be a 1 as well. */
export const exitCodes = {
  /** Done; where something was to be solved, it converged. */
  done: 0,
  /** Something failed that is no fault of the command line or of the data. */
  failed: 1,
  /** The command line is wrong. */
  usage: 2,
  /** Data or a model can't be read, or not used as asked. */
  input: 3,
  /** Done, and everything is written, but a tolerance was not reached. */
  unconverged: 4,
  /** Stopped by SIGINT, as shells count it: 128 + 2. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** A mistake in the command line. */
export class UsageError extends Error {}

/** Something wrong with what was read; the message begins with the file, and the line where there is one. */
export class InputError extends Error {
  constructor(file: string, problem: string, line?: number) {
    super(line === undefined ? `${file}: ${problem}` : `${file}:${line}: ${problem}`);
  }
}
