// What a program is told on its command line: options by name, flags, whole numbers between bounds. What is wrong ends the program with
// status 2 and one line; nothing of what the options mean is known here.
import { parseArgs } from "node:util";

export class Options {
  #program;
  values;

  /** @param program its name, for complaints; names: options that have a value; flags: those that have none, `help` among them anyhow */
  constructor(program, { names, flags = [] }) {
    this.#program = program;
    const typed = (list, type) => list.map((name) => [name, { type }]);
    const options = Object.fromEntries([...typed(names, "string"), ...typed([...flags, "help"], "boolean")]);
    try {
      this.values = parseArgs({ options }).values;
    } catch (error) {
      this.fail(`${error.message}; see --help`);
    }
  }

  fail(message) {
    console.error(`${this.#program}: ${message}`);
    process.exit(2);
  }

  /** A whole number, or the fallback, which may be nothing. */
  number(name, fallback, [least, most]) {
    const value = this.values[name] === undefined ? fallback : Number(this.values[name]);
    if (value === undefined || (Number.isInteger(value) && value >= least && value <= most)) return value;
    return this.fail(`--${name} ${String(this.values[name])} is no whole number from ${least} to ${most}`);
  }

  /** One of these names, or the fallback. */
  oneOf(name, names, fallback) {
    const value = this.values[name] ?? fallback;
    if (value === undefined || names.includes(value)) return value;
    return this.fail(`there is no ${name} "${String(value)}"; use ${names.join(", ")}`);
  }

  get seed() {
    return this.number("seed", 1, [0, 2 ** 32 - 1]);
  }

  get threads() {
    return this.number("threads", 2, [0, 64]);
  }
}
