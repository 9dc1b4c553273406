// What a stream transport offers to the driver: bytes in order, directions that end one by one where the carrier has
// that, back-pressure both ways, and what is known of the encryption underneath. It knows nothing of the protocol above.

import type { ChannelFacts } from "../session/index.js";

export interface ConnectionHandlers {
  /** Bytes came; the array belongs to the handler during the call only. */
  data(chunk: Uint8Array): void;
  /** The other side has ended its direction. */
  end(): void;
  /** Both directions are over; comes exactly once, last. */
  close(): void;
  /** After `write` answered false: more may be written. */
  drain(): void;
}

export { plainChannel, type ChannelFacts } from "../session/index.js";

export interface Connection {
  readonly channel: ChannelFacts;
  /** Whether one direction can end before the other; false on a WebSocket (r[ws.goodbye]). */
  readonly hasHalfClose: boolean;
  /** Whether the bytes never leave this process. */
  readonly inProcess: boolean;
  /** How long the carrier's own handshake took, in milliseconds: it counts for HANDSHAKE_MS (6.1). */
  readonly openingMs: number;
  /** The other side's address, as this side sees it. */
  readonly remoteAddress: string;
  /** Begins to deliver; nothing is delivered before. */
  start(handlers: ConnectionHandlers): void;
  /** Takes bytes over; false when the caller should wait for `drain`. */
  write(bytes: Uint8Array): boolean;
  /** Ends this direction once everything is written. */
  end(): void;
  /** Closes; what was written and is still under way has a moment left. */
  close(): void;
  pause(): void;
  resume(): void;
}

export interface Listener {
  /** Address as bound, with the port that was chosen. */
  readonly address: string;
  /** Stops to accept; connections live on. */
  close(): Promise<void>;
}

export interface Transport {
  /** Scheme of its addresses, such as `tcp`. */
  readonly scheme: string;
  /** @throws {ProtocolError} BAD_TEXT, BAD_KEY; MISUSE for an address of another scheme */
  check(address: string): void;
  /** @throws {ProtocolError} BAD_TEXT, BAD_KEY, MISUSE, UNREACHABLE */
  listen(address: string, accept: (connection: Connection) => void): Promise<Listener>;
  /** @throws {ProtocolError} BAD_TEXT, BAD_KEY, MISUSE, UNREACHABLE, NOT_MOTET */
  dial(address: string, signal: AbortSignal): Promise<Connection>;
}
