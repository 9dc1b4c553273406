// Commands of an application with types of its own: 5.7. The application says how its values become bytes and back.

import { misuse } from "../errors/index.js";
import type { CommandHandlers } from "./handlers.js";
import type { NodeIdLike, SendOptions } from "./node-messaging.js";

/** How values of one type become bytes, and back. */
export interface ValueCodec<T> {
  /** The bytes of a value; copied before the call that sends them returns, so that a codec may use them again. */
  encode(value: T): Uint8Array;
  /**
   * The value of a peer's bytes, which may be anything; they are the codec's own. May throw: a one-way frame is dropped then,
   * a request fails with APPLICATION and the text of the error, and `ask` rejects with it.
   */
  decode(bytes: Uint8Array): T;
}

/** A command 0x8000…0xffff of the application: what is sent with it, and what is answered. */
export interface CommandDefinition<T, R = never> {
  /** 0x8000…0xffff. */
  readonly command: number;
  readonly value: ValueCodec<T>;
  /** Absent when it is only sent one-way. */
  readonly answer?: ValueCodec<R>;
  /** A one-way value has come. `peer` is a node id, 32 bytes. */
  receive?(value: T, peer: Uint8Array): void;
  /**
   * Answers a request; without it requests fail with APPLICATION. `peer` is a node id, 32 bytes; `signal` aborts when nobody
   * waits any more.
   */
  serve?(value: T, request: { readonly peer: Uint8Array; readonly signal: AbortSignal }): R | Promise<R>;
}

/** Sends values of a command that was defined; disposing of it undefines the command. */
export interface DefinedCommand<T, R> extends Disposable {
  /** Sends one-way to a peer: section 5.7. @throws {ProtocolError} MISUSE, TOO_LARGE, QUEUE_FULL, UNREACHABLE, CLOSED */
  tell(peer: NodeIdLike, value: T, options?: SendOptions): Promise<void>;
  /**
   * Asks a peer: section 5.7. The time to wait is this node's alone, the peer is not told.
   * @param options.timeoutMs 1…86,400,000 ms. @defaultValue 10,000
   * @throws {ProtocolError} as `tell`; APPLICATION, UNKNOWN_COMMAND, BUSY of the peer; TIMEOUT; the code with which the session ended
   */
  ask(peer: NodeIdLike, value: T, options?: { readonly timeoutMs?: number; readonly signal?: AbortSignal }): Promise<R>;
}

/** The bytes of a value, copied. @throws {ProtocolError} MISUSE */
export function encodeValue<T>(codec: ValueCodec<T>, value: T): Uint8Array {
  const bytes: unknown = codec.encode(value);
  if (!(bytes instanceof Uint8Array)) throw misuse("a codec encodes to a Uint8Array");
  return new Uint8Array(bytes);
}

/** Handlers of bytes for a command of values. */
export function handlersOf<T, R>(definition: CommandDefinition<T, R>): CommandHandlers {
  const { value, answer } = definition;
  return {
    receive: (payload, peer) => {
      let decoded: T;
      try {
        decoded = value.decode(payload);
      } catch {
        // The peer's bytes are no value: that is the peer's fault, and disturbs nobody here.
        return;
      }
      definition.receive?.(decoded, peer);
    },
    serve: async ({ payload, peer, signal }) => {
      if (definition.serve === undefined || answer === undefined) throw new Error("this command takes no requests");
      return encodeValue(answer, await definition.serve(value.decode(payload), { peer, signal }));
    },
  };
}
