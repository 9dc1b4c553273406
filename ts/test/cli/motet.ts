// The command line as a process: runs it to its end, or keeps a node of it running.

import { execFile, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const motet = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `motet` with arguments, and with something on stdin. */
export function runWith(stdin: string | Uint8Array, ...args: readonly string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [motet, ...args], { timeout: 50_000 }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
    child.stdin?.end(stdin);
  });
}

/** Runs `motet` with arguments. */
export const run = (...args: readonly string[]): Promise<Outcome> => runWith("", ...args);

type Line = Readonly<Record<string, unknown>>;

/** A `motet node --json` and what it has printed so far. */
export class RunningNode {
  readonly lines: Line[] = [];
  readonly #process: ChildProcess;
  readonly #waiting = new Set<() => void>();
  readonly #exited: Promise<unknown[]>;

  constructor(...args: readonly string[]) {
    this.#process = spawn(process.execPath, [motet, "node", "--json", ...args], { stdio: ["pipe", "pipe", "inherit"] });
    this.#exited = once(this.#process, "exit");
    const { stdout } = this.#process;
    if (stdout === null) throw new Error("no stdout");
    createInterface({ input: stdout }).on("line", (line) => {
      this.lines.push(JSON.parse(line) as Line);
      for (const look of this.#waiting) look();
    });
  }

  /** The first line of an event that passes `test`. */
  until(event: string, test: (line: Line) => boolean = () => true): Promise<Line> {
    return new Promise((resolve) => {
      const look = (): void => {
        const found = this.lines.find((line) => line["event"] === event && test(line));
        if (found === undefined) return;
        this.#waiting.delete(look);
        resolve(found);
      };
      this.#waiting.add(look);
      look();
    });
  }

  /** Its node id and the address at which it listens. */
  async started(): Promise<{ id: string; address: string }> {
    const { node, addresses } = await this.until("started");
    return { id: String(node), address: String((addresses as string[])[0]) };
  }

  write(text: string): void {
    this.#process.stdin?.write(text);
  }

  /** Interrupts it, and resolves with its exit code. */
  async stop(): Promise<unknown> {
    this.#process.kill("SIGINT");
    const [code] = await this.#exited;
    return code;
  }
}
