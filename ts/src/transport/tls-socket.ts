// TLS as Motet uses it, below `tls` and `wss`: version 1.3 alone, never resumed, any certificate unless the operator
// names authorities. It hands out sockets and the facts of their encryption; what runs on them is its callers' business.

import { isIP } from "node:net";
import { connect, createServer, type Server, type TLSSocket } from "node:tls";
import { misuse } from "../errors/index.js";
import { parseHostAddress } from "./address.js";
import type { ChannelFacts } from "./connection.js";
import type { ServerCertificate, Settings } from "./settings.js";
import { socketOptions } from "./socket-connection.js";
import { connectTcp, untilReady } from "./tcp.js";

// r[tls.version] mutate: `minVersion: "TLSv1.3"` => `minVersion: "TLSv1.2"`
const version = { minVersion: "TLSv1.3", maxVersion: "TLSv1.3" } as const;
/** RFC 9266. */
const exporterLabel = "EXPORTER-Channel-Binding";
const exporterBytes = 32;

/** What a side knows of its TLS connection. */
export function channelOf(socket: TLSSocket, role: "initiator" | "responder", authority?: string): ChannelFacts {
  const shown = role === "responder" ? socket.getX509Certificate() : socket.getPeerX509Certificate();
  return {
    encrypted: true,
    // r[tls.resumed] mutate: `socket.isSessionReused()` => `false`
    resumed: socket.isSessionReused(),
    exporter: socket.exportKeyingMaterial(exporterBytes, exporterLabel, Buffer.alloc(0)),
    ...(shown === undefined ? {} : { certificate: shown.raw }),
    ...(authority === undefined ? {} : { authority }),
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

/** A socket whose TLS handshake is complete, and how long that took. @throws {ProtocolError} UNREACHABLE */
export async function connectTls(
  address: string,
  { scheme, protocol, authorities }: TlsTarget,
  signal: AbortSignal,
): Promise<{ socket: TLSSocket; openingMs: number }> {
  const plain = await connectTcp(scheme, address, signal);
  const connectedMs = performance.now();
  const { host } = parseHostAddress(scheme, address);
  const options = {
    socket: plain,
    host,
    ...socketOptions,
    ...version,
    ...(isIP(host) === 0 ? { servername: host } : {}),
    // r[tls.alpn.initiator] mutate: `[protocol]` => `[]`
    ALPNProtocols: [protocol],
    // r[tls.certificate.any] mutate: `authorities !== undefined` => `true`
    rejectUnauthorized: authorities !== undefined,
    ...(authorities === undefined ? {} : { ca: [authorities].flat() as string[] }),
  };
  const socket = await untilReady(connect(options), "secureConnect", address, signal);
  return { socket, openingMs: performance.now() - connectedMs };
}

export interface TlsTarget extends Pick<Settings, "authorities"> {
  readonly scheme: string;
  /** ALPN protocol to offer. */
  readonly protocol: string;
}
