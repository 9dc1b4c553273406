import { memory } from "./memory.js";
import { tcp } from "./tcp.js";
import type { Transport } from "./connection.js";

export { formatHostAddress, parseHostAddress, schemeOf } from "./address.js";
export type { Connection, ConnectionHandlers, Listener, Transport } from "./connection.js";

/** The transports of this package by scheme. */
export const transports: ReadonlyMap<string, Transport> = new Map(
  [memory, tcp].map((transport) => [transport.scheme, transport]),
);
