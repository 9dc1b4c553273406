// What both sides of a WebSocket handshake have in common (RFC 6455, 1.3 and 4).

import { createHash } from "node:crypto";

export const subprotocol = "motet";
export const path = "/motet";
/** The one version of RFC 6455. */
export const webSocketVersion = "13";
/** Longest headers of a request or an answer. */
export const maxHeaderSize = 8192;

const acceptSuffix = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/** Host, without brackets, and port. */
export interface Place {
  readonly host: string;
  readonly port: number;
}

/** Host and port as they stand in an address and in a Host header. */
export function formatPlace({ host, port }: Place): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** The Sec-WebSocket-Accept that answers a Sec-WebSocket-Key. */
export function acceptOf(key: string): string {
  return createHash("sha1")
    .update(key + acceptSuffix)
    .digest("base64");
}

/** The members of a header that is a list. */
export function listOf(header: string | undefined): string[] {
  return (header ?? "")
    .split(",")
    .map((member) => member.trim())
    .filter((member) => member !== "");
}
