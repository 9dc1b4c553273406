// The WebSocket of the library `ws` as Motet uses it: bounded messages, no extension, and a word when the other side ends.
// It knows RFC 6455 and section 6.2, and nothing of connections.

import { WebSocket } from "ws";
import { Limit } from "../gen/registry.js";

export const subprotocol = "motet";
export const path = "/motet";
/** Longest headers of a request or an answer. */
export const maxHeaderSize = 8192;

/** What a sender uses: the code of a close frame means nothing (6.2). */
const normalClosure = 1000;
/** The longest timer there is. How long a closed connection stays is for its owner to say. */
const never = 2 ** 31 - 1;

/** Options of both sides. */
export const webSocketOptions = {
  // r[ws.message] mutate: `Limit.WS_MESSAGE_BYTES` => `Limit.WS_MESSAGE_BYTES - 1`
  maxPayload: Limit.WS_MESSAGE_BYTES,
  /** No limit: any number of them makes one message. */
  maxFragments: 0,
  /** Answers to pings are the owner's: it knows whether the other side reads them. */
  autoPong: false,
  closeTimeout: never,
} as const;

/** Emits `ended`, once or more, when a close frame has come, or a frame that breaks RFC 6455. */
export class EndingWebSocket extends WebSocket {
  /** Called by the library alone: it answers what has come. */
  override close(): void {
    // r[ws.end] mutate: early
    this.end();
    this.emit("ended");
  }

  /** Sends a close frame; messages are received until the other side's. */
  end(): void {
    super.close(normalClosure);
  }
}
