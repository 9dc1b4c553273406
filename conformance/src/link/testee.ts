// The runner's side of link/1: one process, one request in flight, events beside it.
// A process that died or hung is replaced by `ensureAlive`, between cases; inside of a case its end is an error.
import { asciiJson } from "./ascii-json.js";
import { LinkError } from "./errors.js";
import { EventQueue } from "./event-queue.js";
import { LineReader } from "./lines.js";
import { ended, signalGroup, startProcess, type Child } from "./process.js";
import { parseLine, replyOf, type Reply } from "./replies.js";

export interface TesteeOptions {
  /** Program and arguments: `splitCommand` makes them of a text. */
  readonly command: readonly string[];
  /** Factor for all times; 1 when left out. */
  readonly multiplier?: number;
  /** Time for each request but hello, in place of the operation's own. */
  readonly stepMs?: number;
  /** Crashes that end the run; 10 when left out. */
  readonly maxCrashes?: number;
  /** Go on with a process that did not answer in time, ignoring its late replies: for null testees. */
  readonly keepHanging?: boolean;
}

export interface Hello {
  readonly link: number;
  readonly implementation: { readonly name: string; readonly version: string; readonly language: string };
  readonly versions: readonly number[];
  readonly features: readonly string[];
}

interface Pending {
  readonly id: number;
  readonly op: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly settle: (outcome: Reply | LinkError) => void;
}

const STDERR_LINES = 40;
const START_MS = 30_000;
const CODEC_MS = 5_000;
const NODE_MS = 3_000;

/** A testee as a process that answers requests. */
export class Testee {
  readonly events = new EventQueue();
  readonly #options: TesteeOptions;
  #child: Child | undefined;
  #hello: Hello | undefined;
  #pending: Pending | undefined;
  #nextId = 1;
  #crashes = 0;
  #hung = false;
  #stderr: string[] = [];
  #stderrRest = "";
  #end: string | undefined;
  #stray: LinkError | undefined;

  private constructor(options: TesteeOptions) {
    this.#options = options;
  }

  /** Spawns the process and says hello; throws LinkError("start"). */
  static async start(options: TesteeOptions): Promise<Testee> {
    const testee = new Testee(options);
    await testee.#spawn();
    return testee;
  }

  /** What the testee says of itself. */
  get hello(): Hello {
    if (this.#hello === undefined) throw new LinkError("start", "the testee has not said hello");
    return this.#hello;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** How often the process ended on its own. */
  get crashes(): number {
    return this.#crashes;
  }

  /** Begins a case: stderr, stray lines and events of what was before are forgotten. */
  beginCase(): void {
    this.#stderr = [];
    this.#stray = undefined;
    this.events.clear();
  }

  /** Last lines of stderr since the case began. */
  stderrTail(): readonly string[] {
    return this.#stderrRest === "" ? this.#stderr : [...this.#stderr, this.#stderrRest];
  }

  /** Replaces a process that has ended or hung. Throws LinkError("exhausted") after too many crashes. */
  async ensureAlive(): Promise<void> {
    if (this.#end === undefined && !this.#hung) return;
    if (this.#crashes >= (this.#options.maxCrashes ?? 10)) {
      throw new LinkError("exhausted", `the testee crashed ${this.#crashes} times; the run ends here`);
    }
    await this.restart();
  }

  /** Kills the process, if it lives, and starts another one. */
  async restart(): Promise<void> {
    await this.kill();
    await this.#spawn();
  }

  /** Sends a request and gives its reply; throws LinkError for anything but a valid reply in time. */
  async request(op: string, input: Readonly<Record<string, unknown>> = {}, timeoutMs?: number): Promise<Reply> {
    if (this.#pending !== undefined) throw new Error("a request is in flight already");
    const child = this.#child;
    if (this.#end !== undefined || child === undefined) throw new LinkError("crash", this.#end ?? "not started");
    if (this.#stray !== undefined) throw this.#stray;
    const id = this.#nextId++;
    const waitMs = timeoutMs ?? this.#timeFor(op);
    const outcome = await new Promise<Reply | LinkError>((settle) => {
      const timer = setTimeout(
        () => this.#settle(new LinkError("timeout", `no reply to ${op} in ${waitMs} ms`)),
        waitMs,
      );
      const settleOnce = (result: Reply | LinkError): void => {
        clearTimeout(timer);
        settle(result);
      };
      this.#pending = { id, op, input, settle: settleOnce };
      child.stdin.write(`${asciiJson({ id, op, in: input })}\n`);
    });
    if (!(outcome instanceof LinkError)) return outcome;
    if (outcome.kind === "timeout" && this.#options.keepHanging !== true) this.#hung = true;
    throw outcome;
  }

  /** Orderly end: shutdown, close stdin, 2 s, TERM, 3 s, KILL of the group. */
  async shutdown(): Promise<void> {
    const child = this.#child;
    if (child === undefined || this.#end !== undefined) return;
    const patienceMs = this.#options.stepMs ?? 2_000;
    if (!this.#hung) await this.request("shutdown", {}, patienceMs).catch(() => undefined);
    child.stdin.end();
    if (!(await ended(child, patienceMs))) signalGroup(child, "SIGTERM");
    if (!(await ended(child, Math.min(patienceMs * 2, 3_000)))) signalGroup(child, "SIGKILL");
    await ended(child, 1_000);
  }

  /** Kills the group at once. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (child === undefined || this.#end !== undefined) return;
    this.#child = undefined;
    signalGroup(child, "SIGKILL");
    await ended(child, 2_000);
  }

  #timeFor(op: string): number {
    if (this.#options.stepMs !== undefined) return this.#options.stepMs;
    return (op.startsWith("codec.") ? CODEC_MS : NODE_MS) * (this.#options.multiplier ?? 1);
  }

  async #spawn(): Promise<void> {
    this.#end = undefined;
    this.#hung = false;
    this.#stray = undefined;
    this.#child = this.#listen(startProcess(this.#options.command));
    const startMs = START_MS * (this.#options.multiplier ?? 1);
    const reply = await this.request("hello", { link: 1 }, startMs).catch((error: LinkError) => error);
    if (reply instanceof Error || reply.kind !== "ok") {
      await this.kill();
      const why = reply instanceof Error ? reply.message : `hello was answered with ${reply.kind}`;
      throw new LinkError("start", `${why}${this.#complaint()}`);
    }
    this.#hello = reply.ok as unknown as Hello;
  }

  /** The line of stderr that most likely says what is wrong. */
  #complaint(): string {
    const lines = this.stderrTail().filter((line) => line.trim() !== "");
    const line = lines.find((one) => /error/i.test(one)) ?? lines.at(-1);
    return line === undefined ? "" : `; it wrote: ${line.trim()}`;
  }

  #listen(child: Child): Child {
    const reader = new LineReader(
      (line) => this.#onLine(child, line),
      (reason) => this.#onFault(child, new LinkError("invalid", reason)),
    );
    child.stdout.on("data", (chunk: Buffer) => reader.push(chunk));
    child.stderr.setEncoding("utf8");
    child.stderr.on("data", (text: string) => this.#onStderr(text));
    child.once("error", (error) => this.#onEnd(child, error.message));
    child.once("close", (code, signal) => this.#onEnd(child, `the testee ended with ${signal ?? `exit code ${code}`}`));
    return child;
  }

  #onStderr(text: string): void {
    const lines = (this.#stderrRest + text).split("\n");
    // A line without end must not grow without bound.
    this.#stderrRest = (lines.pop() ?? "").slice(-4096);
    this.#stderr = [...this.#stderr, ...lines].slice(-STDERR_LINES);
  }

  #onLine(child: Child, text: string): void {
    if (child !== this.#child) return;
    try {
      const line = parseLine(text);
      if (line.kind === "event") this.events.push(line.event);
      if (line.kind !== "reply") return;
      const pending = this.#pending;
      if (pending !== undefined && line.id === pending.id) {
        return this.#settle(replyOf(pending.op, pending.input, line.body));
      }
      // A reply that came too late belongs to a request given up already.
      if (line.id >= this.#nextId || this.#options.keepHanging !== true) {
        throw new LinkError("invalid", `a reply with the id ${line.id}, which nobody waits for`);
      }
    } catch (error) {
      if (!(error instanceof LinkError)) throw error;
      this.#onFault(child, error);
    }
  }

  #onFault(child: Child, error: LinkError): void {
    if (child !== this.#child) return;
    if (this.#pending !== undefined) this.#settle(error);
    else this.#stray = error;
  }

  #onEnd(child: Child, reason: string): void {
    if (child !== this.#child || this.#end !== undefined) return;
    this.#end = reason;
    this.#crashes++;
    this.events.clear();
    this.#settle(new LinkError("crash", reason));
  }

  #settle(outcome: Reply | LinkError): void {
    const pending = this.#pending;
    this.#pending = undefined;
    pending?.settle(outcome);
  }
}
