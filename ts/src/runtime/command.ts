// Commands of an application with types of its own: 5.7. The application says how its values become bytes and back.

import type { CommandHandlers } from "./handlers.js";
import type { NodeIdLike, SendOptions } from "./node-messaging.js";

/** How values of one type become bytes, and back. */
export interface ValueCodec<T> {
  encode(value: T): Uint8Array;
  /** May throw: the frame is dropped then, or its request fails. */
  decode(bytes: Uint8Array): T;
}

/** A command 0x8000…0xffff of the application: what is sent with it, and what is answered. */
export interface CommandDefinition<T, R = never> {
  readonly command: number;
  readonly value: ValueCodec<T>;
  /** Absent when it is only sent one-way. */
  readonly answer?: ValueCodec<R>;
  /** A one-way value has come. */
  receive?(value: T, peer: Uint8Array): void;
  /** Answers a request. */
  serve?(value: T, request: { readonly peer: Uint8Array; readonly signal: AbortSignal }): R | Promise<R>;
}

/** Sends values of a command that was defined; `dispose` undefines it. */
export interface DefinedCommand<T, R> extends Disposable {
  /** Sends one-way to a peer. @throws {ProtocolError} MISUSE, TOO_LARGE, UNREACHABLE, CLOSED */
  tell(peer: NodeIdLike, value: T, options?: SendOptions): Promise<void>;
  /** Asks a peer. @throws {ProtocolError} as `tell`; APPLICATION, UNKNOWN_COMMAND, BUSY of the peer; TIMEOUT */
  ask(peer: NodeIdLike, value: T, options?: { readonly timeoutMs?: number; readonly signal?: AbortSignal }): Promise<R>;
}

/** Handlers of bytes for a command of values. */
export function handlersOf<T, R>(definition: CommandDefinition<T, R>): CommandHandlers {
  const { value, answer } = definition;
  return {
    receive: (payload, peer) => definition.receive?.(value.decode(payload), peer),
    serve: async ({ payload, peer, signal }) => {
      if (definition.serve === undefined || answer === undefined) throw new Error("this command takes no requests");
      return answer.encode(await definition.serve(value.decode(payload), { peer, signal }));
    },
  };
}
