// What the application answers: handlers of channels and of its own commands, run for each question, with a signal that
// aborts when nobody waits any more.

import { misuse } from "../errors/index.js";
import type { NodeEvent, QuestionEvent } from "../engine/index.js";

/** A question of a peer, as its handler sees it. */
export interface Request {
  /** Node id of the peer that asks, 32 bytes. */
  readonly peer: Uint8Array;
  /** The peer's bytes; the handler's own. */
  readonly payload: Uint8Array;
  /** Aborts when nobody waits for the answer any more: its time is over, or the session. */
  readonly signal: AbortSignal;
}

/** An answer that may be compressed on its way: r[compress.asked]. */
export interface CompressibleAnswer {
  readonly payload: Uint8Array;
  readonly compress: boolean;
}

/** What a handler answers: bytes, copied when its promise resolves; at most the asker's receive limit, less 12. */
export type Answer = Uint8Array | CompressibleAnswer;
/** Answers questions: section 5.3. What it throws goes to the asker as APPLICATION, with the text of the error. */
export type Handler = (request: Request) => Answer | Promise<Answer>;

/** What an application does with one of its own commands. */
export interface CommandHandlers {
  /** A one-way frame has come. */
  receive?(payload: Uint8Array, peer: Uint8Array): void;
  /** Answers a request; without it requests fail. */
  serve?: Handler;
}

export interface HandlersOwner {
  answer(question: number, payload: Uint8Array, compress: boolean): void;
  fail(question: number, text: string): void;
  /** Tells of an exception in the application's code. */
  report(error: unknown): void;
}

export class Handlers {
  readonly #owner: HandlersOwner;
  readonly #channels = new Map<string, Handler>();
  readonly #commands = new Map<number, CommandHandlers>();
  readonly #running = new Map<number, AbortController>();

  constructor(owner: HandlersOwner) {
    this.#owner = owner;
  }

  /** @throws {ProtocolError} MISUSE when the channel is served already */
  serve(channel: string, handler: Handler): void {
    if (this.#channels.has(channel)) throw misuse(`channel "${channel}" is served already; dispose of the other first`);
    this.#channels.set(channel, handler);
  }

  stopServing(channel: string): void {
    this.#channels.delete(channel);
  }

  /** @throws {ProtocolError} MISUSE when the command is defined already */
  define(command: number, handlers: CommandHandlers): void {
    if (this.#commands.has(command)) throw misuse(`command ${command} is defined already; dispose of the other first`);
    this.#commands.set(command, handlers);
  }

  undefine(command: number): void {
    this.#commands.delete(command);
  }

  question(event: QuestionEvent): void {
    switch (event.type) {
      case "asked":
        return void this.#run(event, this.#channels.get(event.channel));
      case "called":
        return void this.#run(event, this.#commands.get(event.command)?.serve);
      case "withdrawn":
        this.#running.get(event.question)?.abort();
        this.#running.delete(event.question);
    }
  }

  commanded({ command, payload, peer }: Extract<NodeEvent, { type: "commanded" }>): void {
    try {
      this.#commands.get(command)?.receive?.(payload, peer);
    } catch (error) {
      this.#owner.report(error);
    }
  }

  async #run(event: Exclude<QuestionEvent, { type: "withdrawn" }>, handler: Handler | undefined): Promise<void> {
    const { question, peer, payload } = event;
    const controller = new AbortController();
    this.#running.set(question, controller);
    try {
      if (handler === undefined) throw misuse("nobody serves it any more");
      const answer = await handler({ peer, payload, signal: controller.signal });
      const { payload: bytes, compress } = answer instanceof Uint8Array ? { payload: answer, compress: false } : answer;
      if (!(bytes instanceof Uint8Array)) throw misuse("a handler answers with a Uint8Array; encode texts first");
      this.#owner.answer(question, bytes, compress);
    } catch (error) {
      // The text goes to the peer: an application says what it wants to be known in the message of its error.
      this.#owner.fail(question, error instanceof Error ? error.message : "");
    } finally {
      this.#running.delete(question);
    }
  }

  /** The node is closed. */
  close(): void {
    for (const controller of this.#running.values()) controller.abort();
    this.#running.clear();
  }
}
