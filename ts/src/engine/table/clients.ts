// Drives the machines that write, read and list for the application and for the member's own checks: their lookups and requests
// out, what came of them back in. So many at a time; the others wait for their turn.

import type { ClientOutput, Contact, Position, TableAnswer, TableRequest } from "../../chord/index.js";
import type { Code } from "../../gen/registry.js";
import type { TableReplied } from "./member.js";

/** A writer, a reader or a lister. */
export interface ClientMachine<Output> {
  begin(now: number): void;
  found(handle: number, owners: readonly Contact[], now: number): void;
  lost(handle: number, now: number): void;
  answered(handle: number, answer: TableAnswer, now: number): void;
  failed(handle: number, code: Code | undefined, now: number): void;
  wake(now: number): void;
  readonly deadline: number;
  poll(): Output | ClientOutput | undefined;
  readonly isDone: boolean;
}

/**
 * Looks up the owners of a position, of whom the first is asked first.
 * @param done called once, perhaps within the call; with nobody when the lookup has failed.
 */
export type OwnersOf = (target: Position, isTentative: boolean, done: (owners: readonly Contact[]) => void) => void;

export interface TableClientsContext {
  readonly ownersOf: OwnersOf;
  readonly ask: (to: Contact, request: TableRequest, done: TableReplied) => void;
  /** Unix ms. */
  readonly now: () => number;
}

/** One operation: its machine, and who hears what comes out of it. */
interface Running {
  readonly machine: ClientMachine<{ readonly type: string }>;
  readonly carryOut: () => void;
  isDraining: boolean;
}

const isForNode = (output: { readonly type: string }): output is ClientOutput =>
  output.type === "lookup" || output.type === "ask";

export class TableClients {
  readonly #context: TableClientsContext;
  readonly #most: number;
  readonly #running = new Set<Running>();
  readonly #waiting = new Set<Running>();
  #isStopped = false;

  /** @param most operations under way at once: each asks five owners at a time. */
  constructor(context: TableClientsContext, most: number) {
    this.#context = context;
    this.#most = most;
  }

  /** Runs a machine to its end. Answers how to give it up. @param heard gets what is not for the node. */
  run<Output extends { readonly type: string }>(
    machine: ClientMachine<Output>,
    heard: (output: Exclude<Output, ClientOutput>) => void,
  ): () => void {
    const running: Running = {
      machine,
      isDraining: false,
      carryOut: () => {
        for (let output = machine.poll(); output !== undefined; output = machine.poll()) {
          if (isForNode(output)) this.#carryOut(running, output);
          else heard(output as Exclude<Output, ClientOutput>);
        }
      },
    };
    this.#waiting.add(running);
    this.#startMore();
    return () => {
      this.#waiting.delete(running);
      this.#running.delete(running);
      this.#startMore();
    };
  }

  #startMore(): void {
    for (const running of this.#waiting) {
      if (this.#isStopped || this.#running.size >= this.#most) return;
      this.#waiting.delete(running);
      this.#running.add(running);
      this.#turn(running, (machine, now) => machine.begin(now));
    }
  }

  #turn(running: Running, run: (machine: Running["machine"], now: number) => void): void {
    if (!this.#running.has(running)) return;
    run(running.machine, this.#context.now());
    if (running.isDraining) return;
    running.isDraining = true;
    running.carryOut();
    running.isDraining = false;
    if (running.machine.isDone && this.#running.delete(running)) this.#startMore();
  }

  #carryOut(running: Running, output: ClientOutput): void {
    const { handle } = output;
    if (output.type === "lookup") {
      return this.#context.ownersOf(output.target, output.isTentative === true, (owners) =>
        this.#turn(running, (machine, now) => {
          if (owners.length === 0) machine.lost(handle, now);
          else machine.found(handle, owners, now);
        }),
      );
    }
    this.#context.ask(output.to, output.request, (answer) =>
      this.#turn(running, (machine, now) => {
        if (typeof answer === "object") machine.answered(handle, answer, now);
        else machine.failed(handle, answer, now);
      }),
    );
  }

  /** When `wake` is due, unix ms. */
  get deadline(): number {
    let due = Infinity;
    for (const { machine } of this.#running) due = Math.min(due, machine.deadline);
    return due;
  }

  wake(now: number): void {
    for (const running of Array.from(this.#running)) {
      if (running.machine.deadline <= now) this.#turn(running, (machine) => machine.wake(now));
    }
  }

  stop(): void {
    this.#isStopped = true;
    this.#running.clear();
    this.#waiting.clear();
  }
}
