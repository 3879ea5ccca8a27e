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

/** Options of the library whose flags are called otherwise. */
const FLAGS = ["stepSize", "scaleColumns", "classWeights"] as const;

/** What the library says, as the command would: without the function that said it, and with flags for options. */
export function inFlags(message: string): string {
  const bare = message.replace(/^[A-Za-z]+(\.[A-Za-z]+)?: /, "").replace(/^(?=passes must)/, "--");
  return FLAGS.reduce((text, name) => text.replaceAll(name, flagOf(name)), bare);
}

/** `--step-size` for `stepSize`. */
export function flagOf(option: string): string {
  return `--${option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

const LONGEST = 40;

/** What was given, for a message: of what goes on for long, the beginning. */
export function quoted(text: string): string {
  return text.length <= LONGEST ? `"${text}"` : `"${text.slice(0, LONGEST)}..."`;
}
