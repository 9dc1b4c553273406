// The command line: run in this process, which is quick, as a process of its own, or as a node that keeps running.

import { execFile, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { vi } from "vitest";
import { runCommandLine } from "../../src/cli/run.js";

const motet = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `motet` as a process, with something on stdin. */
export function runProcess(stdin: string | Uint8Array, ...args: readonly string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [motet, ...args], { timeout: 50_000 }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
    child.stdin?.end(stdin);
  });
}

/** Runs `motet` without a process around it; one at a time. */
export async function run(...args: readonly string[]): Promise<Outcome> {
  const printed = { stdout: "", stderr: "" };
  const spies = (["stdout", "stderr"] as const).map((stream) =>
    vi.spyOn(process[stream], "write").mockImplementation((text) => {
      printed[stream] += String(text);
      return true;
    }),
  );
  try {
    const code = await runCommandLine(args, new AbortController().signal);
    return { code, ...printed };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

type Line = Readonly<Record<string, unknown>>;

/** A command line that runs until it is stopped, as a process. */
export class Running {
  protected readonly child: ChildProcess;
  readonly #exited: Promise<unknown[]>;

  constructor(...args: readonly string[]) {
    this.child = spawn(process.execPath, [motet, ...args], { stdio: ["pipe", "pipe", "inherit"] });
    this.#exited = once(this.child, "exit");
  }

  /** Interrupts it, and resolves with its exit code. */
  async stop(): Promise<unknown> {
    this.child.kill("SIGINT");
    const [code] = await this.#exited;
    return code;
  }
}

/** A `motet node --json` and what it has printed so far. */
export class RunningNode extends Running {
  readonly lines: Line[] = [];
  readonly #waiting = new Set<() => void>();

  constructor(...args: readonly string[]) {
    super("node", "--json", ...args);
    const { stdout } = this.child;
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
    this.child.stdin?.write(text);
  }
}
