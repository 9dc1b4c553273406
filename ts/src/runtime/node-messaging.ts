// What an application says to other nodes through its node: promises over the requests of the engine, with back-pressure.

import { formatHex } from "../bytes/index.js";
import { misuse, ProtocolError } from "../errors/index.js";
import type { Messaging, NodeEvent, QuestionEvent, RequestEvent } from "../engine/index.js";
import { isValidKey, nodeIdBytes, parseNodeId } from "../identity/index.js";
import { encodeValue, handlersOf, type CommandDefinition, type DefinedCommand } from "./command.js";
import { Handlers, type Handler } from "./handlers.js";
import { Lines, type Attempt } from "./lines.js";
import { PendingRequests, type RequestsOwner } from "./pending-requests.js";

/** A node id: 32 bytes, or their text `motet1…`. */
export type NodeIdLike = Uint8Array | string;

export interface WaitOptions {
  /** Stops waiting; what is on its way stays so. */
  readonly signal?: AbortSignal;
}

export interface SendOptions extends WaitOptions {
  /** Wait while the peer's queue is full; else the call is refused with QUEUE_FULL. @defaultValue true */
  readonly wait?: boolean;
}

export interface TellOptions extends SendOptions {
  /**
   * Compress the payload where the peer takes it and something is gained. Lengths of compressed bytes tell about their
   * content: never for secrets beside text that others choose. @defaultValue false
   */
  readonly compress?: boolean;
}

export interface AskOptions extends TellOptions {
  /** How long to wait for the answer once the question is sent, 1…86,400,000 ms. @defaultValue 10,000 */
  readonly timeoutMs?: number;
}

export interface NodeMessagingOwner extends RequestsOwner<Messaging> {
  /** Resolves when the engine has room again, or the node closes. */
  untilDrained(signal: AbortSignal | undefined): Promise<void>;
  report(error: unknown): void;
}

/** What a request came to. */
type Outcome = Exclude<RequestEvent, { type: "failed" }>;

/** How a request waits. */
interface Waiting {
  readonly signal?: AbortSignal | undefined;
  readonly wait?: boolean;
}

const defaultTimeoutMs = 10_000;
const longestTimeoutMs = 86_400_000;
/** Records that one answer to PEERS may hold. */
const mostRecords = 32;

export class NodeMessaging {
  readonly #owner: NodeMessagingOwner;
  readonly #pending: PendingRequests<Messaging>;
  readonly #handlers: Handlers;
  /** Calls that wait because something is full, by the node that they are for. */
  readonly #lines = new Lines();

  constructor(owner: NodeMessagingOwner) {
    this.#owner = owner;
    this.#pending = new PendingRequests(owner, (engine, request) => engine.outgoing.giveUp(request));
    this.#handlers = new Handlers({
      answer: (question, payload, compress) =>
        this.#settle((engine) => engine.serving.answer(question, payload, compress)),
      fail: (question, text) => this.#settle((engine) => engine.serving.fail(question, text)),
      report: (error) => owner.report(error),
    });
  }

  #settle(run: (engine: Messaging) => void): void {
    try {
      run(this.#owner.engine());
      this.#owner.drain();
    } catch (error) {
      // A node that was closed meanwhile answers nobody.
      if (!(error instanceof ProtocolError && error.code === "CLOSED")) this.#owner.report(error);
    }
  }

  async tell(target: NodeIdLike, channel: string, payload: Uint8Array, options: TellOptions): Promise<void> {
    checkChannel(channel);
    const [id, bytes] = [checkId(target), checkPayload(payload)];
    await this.#send(id, (engine) => engine.outgoing.tell(id, channel, bytes, options), options);
  }

  async ask(target: NodeIdLike, channel: string, payload: Uint8Array, options: AskOptions): Promise<Uint8Array> {
    const { timeoutMs = defaultTimeoutMs, compress = false } = options;
    checkChannel(channel);
    const [id, bytes] = [checkId(target), checkPayload(payload)];
    checkWhole("timeoutMs", timeoutMs, longestTimeoutMs);
    const outcome = await this.#send(
      id,
      (engine) => engine.outgoing.ask(id, channel, bytes, { timeoutMs, compress }),
      options,
    );
    return outcome.type === "answered" ? outcome.payload : new Uint8Array(0);
  }

  async askPeers(target: Uint8Array, limit: number, signal?: AbortSignal): Promise<readonly Uint8Array[]> {
    checkWhole("limit", limit, mostRecords);
    const outcome = await this.#send(target, (engine) => engine.askPeers(target, limit), { signal });
    return outcome.type === "records" ? outcome.peers : [];
  }

  async locate(wanted: Uint8Array, signal?: AbortSignal): Promise<void> {
    await this.#attempt((engine) => engine.seek(wanted), signal).outcome;
  }

  serve(channel: string, handler: Handler): Disposable {
    checkChannel(channel);
    const engine = this.#owner.engine();
    this.#handlers.serve(channel, handler);
    engine.serving.serve(channel, true);
    return once(() => {
      this.#handlers.stopServing(channel);
      engine.serving.serve(channel, false);
    });
  }

  define<T, R>(definition: CommandDefinition<T, R>): DefinedCommand<T, R> {
    const { command, value, answer } = definition;
    if (!Number.isInteger(command) || command < 0x8000 || command > 0xffff)
      throw misuse(`${command} is no command of applications; use one from 32768 to 65535`);
    const engine = this.#owner.engine();
    this.#handlers.define(command, handlersOf(definition));
    engine.serving.define(command, true);
    return {
      tell: async (peer, message, options = {}) => {
        const [id, bytes] = [checkId(peer), encodeValue(value, message)];
        await this.#send(id, (now) => now.outgoing.command(id, command, bytes), options);
      },
      ask: async (peer, message, { timeoutMs = defaultTimeoutMs, ...options } = {}) => {
        if (answer === undefined) throw misuse("this command was defined without an answer; give it a codec for one");
        const [id, bytes] = [checkId(peer), encodeValue(value, message)];
        checkWhole("timeoutMs", timeoutMs, longestTimeoutMs);
        const outcome = await this.#send(id, (now) => now.outgoing.command(id, command, bytes, timeoutMs), options);
        return answer.decode(outcome.type === "answered" ? outcome.payload : new Uint8Array(0));
      },
      ...once(() => {
        this.#handlers.undefine(command);
        engine.serving.define(command, false);
      }),
    };
  }

  /** Makes a request, again and again while something is full, and waits for its outcome; calls to one node in their order. */
  #send(target: Uint8Array, start: (engine: Messaging) => number, { signal, wait = true }: Waiting): Promise<Outcome> {
    const attempt = (): Attempt<Outcome> => this.#attempt(start, signal);
    const room = (): Promise<void> => this.#owner.untilDrained(signal);
    return this.#lines.run(formatHex(target), { attempt, room, isPatient: wait, signal });
  }

  /** Makes a request now, if there is room. */
  #attempt(start: (engine: Messaging) => number, signal: AbortSignal | undefined): Attempt<Outcome> {
    let isTaken = false;
    const outcome = this.#pending.run((engine) => {
      const request = start(engine);
      isTaken = true;
      return request;
    }, signal);
    return { isTaken, outcome };
  }

  receive(event: RequestEvent | QuestionEvent | Extract<NodeEvent, { type: "commanded" }>): void {
    if ("request" in event) this.#pending.settle(event);
    else if ("question" in event) this.#handlers.question(event);
    else this.#handlers.commanded(event);
  }

  close(): void {
    this.#pending.close();
    this.#handlers.close();
  }
}

/** A node id of the caller's. @throws {ProtocolError} MISUSE, BAD_TEXT, BAD_KEY */
export function checkId(id: NodeIdLike): Uint8Array {
  if (typeof id === "string") return parseNodeId(id);
  if (!(id instanceof Uint8Array) || id.length !== nodeIdBytes) throw misuse(`a node id has ${nodeIdBytes} bytes`);
  if (!isValidKey(id)) throw new ProtocolError("BAD_KEY", "the bytes are no node id", { origin: "local" });
  return id;
}

/** A channel that can be sent as it is: its length is looked at where it is encoded. @throws {ProtocolError} MISUSE */
export function checkChannel(channel: string): void {
  // Half a surrogate pair has no UTF-8: it would arrive as something else.
  if (typeof channel !== "string" || /\p{Surrogate}/u.test(channel)) throw misuse("a channel is text that has UTF-8");
}

/** The caller's bytes, copied. @throws {ProtocolError} MISUSE */
export function checkPayload(payload: Uint8Array): Uint8Array {
  if (!(payload instanceof Uint8Array)) throw misuse("a payload is a Uint8Array; encode texts first");
  // Not `slice`: that of a Buffer is no copy.
  return new Uint8Array(payload);
}

/** @throws {ProtocolError} MISUSE */
function checkWhole(name: string, value: number, largest: number): void {
  if (!Number.isInteger(value) || value < 1 || value > largest)
    throw misuse(`${name} cannot be ${value}; it is a whole number from 1 to ${largest}`);
}

/** Does something when it is disposed of for the first time. */
function once(undo: () => void): Disposable {
  let isDone = false;
  return {
    [Symbol.dispose]: () => {
      if (isDone) return;
      isDone = true;
      undo();
    },
  };
}
