// TLS as Motet uses it, below `tls` and `wss`: version 1.3 alone, never resumed, any certificate unless the operator
// names authorities. It hands out sockets and the facts of their encryption; what runs on them is its callers' business.

import { isIP, type Socket } from "node:net";
import { connect, createServer, type Server, type TLSSocket } from "node:tls";
import { misuse } from "../errors/index.js";
import { parseAddress } from "../identity/index.js";
import type { ChannelFacts } from "./connection.js";
import type { ServerCertificate, Settings } from "./settings.js";
import { socketOptions } from "./socket-connection.js";
import { untilReady } from "./tcp.js";

// r[tls.version] mutate: `minVersion: "TLSv1.3"` => `minVersion: "TLSv1.2"`
const version = { minVersion: "TLSv1.3", maxVersion: "TLSv1.3" } as const;
/** RFC 9266. */
const exporterLabel = "EXPORTER-Channel-Binding";
const exporterBytes = 32;

/** What a side knows of its TLS connection. */
export function channelOf(socket: TLSSocket, role: "initiator" | "responder"): ChannelFacts {
  const shown = role === "responder" ? socket.getX509Certificate() : socket.getPeerX509Certificate();
  return {
    encrypted: true,
    // r[tls.resumed] mutate: `socket.isSessionReused()` => `false`
    resumed: socket.isSessionReused(),
    exporter: socket.exportKeyingMaterial(exporterBytes, exporterLabel, Buffer.alloc(0)),
    ...(shown === undefined ? {} : { certificate: shown.raw }),
  };
}

/** A server that completes TLS handshakes with a certificate. @throws {ProtocolError} MISUSE */
export function createTlsServer({ key, certificate }: ServerCertificate, protocol: string): Server {
  try {
    return createServer({ ...socketOptions, ...version, key, cert: certificate, ALPNProtocols: [protocol] });
  } catch (error) {
    throw misuse(`the certificate or its key cannot be used: ${(error as Error).message}; give both in PEM`);
  }
}

/** What an initiator goes by. */
export interface TlsTarget extends Pick<Settings, "authorities"> {
  /** ALPN protocol to offer. */
  readonly protocol: string;
}

/** TLS over a connected socket, its handshake complete. @throws {ProtocolError} UNREACHABLE */
export function secureSocket(
  plain: Socket,
  address: string,
  { protocol, authorities }: TlsTarget,
  signal: AbortSignal,
): Promise<TLSSocket> {
  const { host } = parseAddress(address);
  const options = {
    socket: plain,
    host,
    ...socketOptions,
    ...version,
    ...(isIP(host) === 0 ? { servername: host } : {}),
    // r[tls.alpn.initiator] mutate: `[protocol]` => `undefined`
    ALPNProtocols: [protocol],
    // r[tls.certificate.any] mutate: `authorities !== undefined` => `true`
    rejectUnauthorized: authorities !== undefined,
    ...(authorities === undefined ? {} : { ca: [authorities].flat() }),
  };
  return untilReady(connect(options), "secureConnect", address, signal);
}
