import type { Transport } from "./connection.js";
import { createCertificate } from "./certificate.js";
import { memory } from "./memory.js";
import { withDefaults, type ServerCertificate, type TransportSettings } from "./settings.js";
import { tcp } from "./tcp.js";
import { createTls } from "./tls.js";
import { createWebSocket } from "./web-socket.js";

export { schemeOf } from "./address.js";
export type { ChannelFacts, Connection, ConnectionHandlers, Listener, Transport } from "./connection.js";
export type { ServerCertificate, TransportSettings } from "./settings.js";

/** The transports of a node by scheme, made for it alone: they share its certificate. */
export function createTransports(settings: TransportSettings = {}): ReadonlyMap<string, Transport> {
  const complete = withDefaults(settings);
  let made: Promise<ServerCertificate> | undefined;
  const certificate = async (): Promise<ServerCertificate> => complete.certificate ?? (made ??= createCertificate());
  const tls = createTls(complete, certificate);
  const ws = createWebSocket("ws", complete, certificate);
  const wss = createWebSocket("wss", complete, certificate);
  return new Map([memory, tcp, tls, ws, wss].map((transport) => [transport.scheme, transport]));
}

/** Transports with all settings left at their defaults. */
export const transports = createTransports();
