// Questions of peers on their way through the application: ASKs on channels that are served, and requests of commands that
// the application has defined. Sections 5.3 and 5.7. Knows deadlines and who waits, not what an answer means.

import { encodeMessage, type Message } from "../codec/index.js";
import { Command, type Code } from "../gen/registry.js";
import type { PeerRequest, Session } from "../session/index.js";
import type { QuestionEvent } from "./outputs.js";

export interface ServingContext {
  readonly emit: (event: QuestionEvent) => void;
  /** Unix ms. */
  readonly now: () => number;
}

/** A question that the application has and the peer waits for. */
interface Question {
  readonly session: Session;
  readonly request: PeerRequest;
  /** Unix ms. */
  readonly dueAt: number;
}

export class Serving {
  readonly #context: ServingContext;
  readonly #channels = new Set<string>();
  readonly #commands = new Set<number>();
  readonly #questions = new Map<number, Question>();
  #lastQuestion = 0;
  #due = Infinity;

  constructor(context: ServingContext) {
    this.#context = context;
  }

  /** Whether ASKs on a channel come to the application. */
  serve(channel: string, isServed: boolean): void {
    if (isServed) this.#channels.add(channel);
    else this.#channels.delete(channel);
  }

  /** Whether frames of a command come to the application. */
  define(command: number, isDefined: boolean): void {
    if (isDefined) this.#commands.add(command);
    else this.#commands.delete(command);
  }

  isDefined(command: number): boolean {
    return this.#commands.has(command);
  }

  /** An ASK came. */
  ask(session: Session, request: PeerRequest, { channel, payload, timeoutMs }: Message<"Ask">): void {
    // r[ask.not-served]
    if (!this.#channels.has(channel)) return session.fail(request, "NOT_SERVED", `nobody serves "${channel}"`);
    const dueAt = this.#context.now() + timeoutMs;
    // r[ask.concurrent] mutate: `this.#add(` => `session.hold() && this.#add(`
    const question = this.#add({ session, request, dueAt });
    const peer = session.peer?.nodeId ?? new Uint8Array(0);
    // r[ask.serve] mutate: `payload` => `payload: new Uint8Array(1)`
    this.#context.emit({ type: "asked", question, peer, channel, payload, timeoutMs });
  }

  /** A request of a defined command came; its asker does not say how long it waits. */
  call(session: Session, request: PeerRequest, payload: Uint8Array): void {
    const question = this.#add({ session, request, dueAt: Infinity });
    const peer = session.peer?.nodeId ?? new Uint8Array(0);
    // r[app.command.serve]
    this.#context.emit({ type: "called", question, peer, command: request.command, payload });
  }

  #add(question: Question): number {
    this.#questions.set(++this.#lastQuestion, question);
    this.#due = Math.min(this.#due, question.dueAt);
    return this.#lastQuestion;
  }

  /** The application's answer; one that comes too late is dropped. Whether it was still wanted. */
  answer(question: number, payload: Uint8Array, asksToCompress: boolean): boolean {
    const waiting = this.#take(question);
    if (waiting === undefined) return false;
    const { session, request } = waiting;
    const encoded = request.command === Command.ASK ? encodeMessage("AskAnswer", { payload }) : payload;
    session.answer(request, encoded, asksToCompress && request.command === Command.ASK);
    return true;
  }

  /** The application has failed to answer. */
  fail(question: number, text: string): void {
    const waiting = this.#take(question);
    const code: Code = waiting?.request.command === Command.ASK ? askFailure : commandFailure;
    waiting?.session.fail(waiting.request, code, text);
  }

  #take(question: number): Question | undefined {
    const waiting = this.#questions.get(question);
    this.#questions.delete(question);
    return waiting;
  }

  /** A session is over: nobody waits for its answers. */
  ended(session: Session): void {
    if (this.#questions.size === 0) return;
    for (const [question, waiting] of this.#questions) {
      if (waiting.session !== session) continue;
      this.#questions.delete(question);
      this.#context.emit({ type: "withdrawn", question });
    }
  }

  /** When `wake` is due or a time before, unix ms. */
  get deadline(): number {
    return this.#due;
  }

  wake(now: number): void {
    if (now < this.#due) return;
    this.#due = Infinity;
    for (const [question, { session, request, dueAt }] of this.#questions) {
      if (dueAt > now) {
        this.#due = Math.min(this.#due, dueAt);
        continue;
      }
      this.#questions.delete(question);
      // r[ask.deadline]
      session.fail(request, "TIMEOUT", "not answered in time");
      this.#context.emit({ type: "withdrawn", question });
    }
  }
}

// r[ask.failed] mutate: `"APPLICATION"` => `"REQUEST"`
const askFailure: Code = "APPLICATION";
// r[app.command.failed] mutate: `"APPLICATION"` => `"REQUEST"`
const commandFailure: Code = "APPLICATION";
