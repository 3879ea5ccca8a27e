import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** A peer in a process of its own, which answers a line with a number, after timing something by its own clock. */
export class Child {
  #process;
  #answers;

  constructor(command, args, folder) {
    this.#process = spawn(command, args, { cwd: folder, stdio: ["pipe", "pipe", "inherit"] });
    this.#answers = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]();
  }

  async ask(line) {
    this.#process.stdin.write(`${line}\n`);
    const { value, done } = await this.#answers.next();
    if (done || !(Number(value) >= 0)) throw new Error(`${this.#process.spawnfile}: no answer to "${line}"`);
    return Number(value);
  }

  dispose() {
    this.#process.stdin.end();
  }
}
