// The other end of worker.mjs: a process with a node in it, and what it has told so far.

import { execFileSync, fork, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { NodeOptions } from "../../src/index.js";

export interface Told {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** Bytes in memory, and bytes set aside for buffers: what is not touched is not resident. */
export interface Memory {
  readonly rss: number;
  readonly arrayBuffers: number;
}

/** What churn-journal.mjs is told: how often to broadcast, and when in that time. */
export interface JournalOptions {
  readonly everyMs: number;
  readonly phaseMs: number;
}

interface StartedNode {
  readonly address: string;
  readonly id: string;
  readonly idText: string;
}

const script = fileURLToPath(new URL("worker.mjs", import.meta.url));
const root = fileURLToPath(new URL("../../../", import.meta.url));

/** Builds the package, since processes use it as it is installed. */
export function buildPackage(): void {
  execFileSync(`${root}node_modules/.bin/tsc`, ["-b", "ts/tsconfig.node.json"], { cwd: root, stdio: "inherit" });
}

export class Worker {
  readonly told: Told[] = [];
  /** Exit code or signal. */
  readonly exited: Promise<number | NodeJS.Signals | null>;
  readonly #process: ChildProcess;
  readonly #waiting = new Set<() => void>();
  #hasExited = false;

  constructor() {
    this.#process = fork(script, {
      stdio: ["ignore", "inherit", "inherit", "ipc"],
      execArgv: ["--expose-gc"],
    });
    this.#process.on("message", (message) => {
      this.told.push(message as Told);
      for (const look of this.#waiting) look();
    });
    this.exited = new Promise((resolve) => {
      this.#process.once("exit", (code, signal) => {
        this.#hasExited = true;
        for (const look of this.#waiting) look();
        resolve(code ?? signal);
      });
    });
  }

  /** Starts a node; answers its address, and its id in hex and as text. */
  async start(seed: number, options: NodeOptions, journal?: JournalOptions): Promise<StartedNode> {
    this.command({ type: "start", seed, options, journal });
    const { address, id, idText } = await this.tells("started");
    return { address: String(address), id: String(id), idText: String(idText) };
  }

  async memory(): Promise<Memory> {
    const before = this.count("memory");
    this.command({ type: "memory" });
    await this.until(() => this.count("memory") > before, "memory");
    const told = this.told.findLast(({ type }) => type === "memory");
    return { rss: Number(told?.["rss"]), arrayBuffers: Number(told?.["arrayBuffers"]) };
  }

  command(command: Told): void {
    this.#process.send(command);
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  kill(): void {
    this.#process.kill("SIGKILL");
  }

  count(type: string): number {
    return this.told.filter((one) => one.type === type).length;
  }

  /** The first thing of a type that was told and fits. */
  async tells(type: string, fits: (told: Told) => boolean = () => true): Promise<Told> {
    const find = (): Told | undefined => this.told.find((one) => one.type === type && fits(one));
    await this.until(() => find() !== undefined, type);
    return find() as Told;
  }

  /** Resolves once something is true of what was told; rejects when the process ends before. */
  until(isTrue: () => boolean, what: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        if (isTrue()) resolve();
        else if (this.#hasExited) reject(new Error(`the process ended before it told "${what}"`));
        else return;
        this.#waiting.delete(look);
      };
      this.#waiting.add(look);
      look();
    });
  }
}
