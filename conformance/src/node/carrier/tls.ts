// TLS on top of a connection, from either side: what a right node does, unless a scenario changes the version, the protocols, the
// certificate, or resumes an earlier connection.
import { createServer as createTlsServer, connect as connectTls, type Server, type TLSSocket } from "node:tls";
import type { Socket } from "node:net";
import type { Bytes } from "../../golden/index.js";
import type { ChannelFacts, Refusal } from "./carrier.js";
import { certificateOf, contextOf, type TlsVersion } from "./certificates.js";

export interface TlsChange {
  /** The one version that is spoken; 1.3 when left out. */
  readonly version?: "1.2" | "1.3";
  /** Protocols offered, or agreed to, in ALPN; `motet` when left out, none when empty. */
  readonly alpn?: readonly string[];
  /** As a server: name of the certificate. */
  readonly certificate?: string;
  /** As a server: 48 bytes that let it resume what another server with the same has begun; none is resumed without. */
  readonly ticketKeys?: Buffer;
  /** As a client: an earlier connection's session. */
  readonly session?: Buffer;
}

/** The certificate of the runner as a server that says nothing else. */
const OWN_CERTIFICATE = "runner";

export type Encrypted = { readonly socket: TLSSocket; readonly facts: ChannelFacts } | { readonly refusal: Refusal };

const versionOf = ({ version = "1.3" }: TlsChange): TlsVersion => `TLSv${version}`;

const EXPORTER_LABEL = "EXPORTER-Channel-Binding";

function factsOf(socket: TLSSocket, certificate: Bytes | undefined): ChannelFacts {
  const exporter = new Uint8Array(socket.exportKeyingMaterial(32, EXPORTER_LABEL, Buffer.alloc(0)));
  const facts = { exporter, resumed: socket.isSessionReused() };
  return certificate === undefined ? facts : { ...facts, certificate };
}

function refusal(error: NodeJS.ErrnoException | undefined): { readonly refusal: Refusal } {
  return {
    refusal: { detail: `the TLS handshake failed: ${error?.code ?? error?.message ?? "the connection ended"}` },
  };
}

/** TLS as the client of a testee. `protocols` are offered unless the change says others. */
export function encryptAsClient(raw: Socket, change: TlsChange, protocols: readonly string[]): Promise<Encrypted> {
  return new Promise((resolve) => {
    const ALPNProtocols = [...(change.alpn ?? protocols)];
    const socket = connectTls({
      socket: raw,
      secureContext: contextOf(versionOf(change)),
      // The certificate is judged by what it is bound to, never by who signed it.
      rejectUnauthorized: false,
      ...(ALPNProtocols.length === 0 ? {} : { ALPNProtocols }),
      ...(change.session === undefined ? {} : { session: change.session }),
    });
    let session: Buffer | undefined;
    socket.on("session", (ticket: Buffer) => (session = ticket));
    const onError = (error: Error): void => resolve(refusal(error));
    const onClose = (): void => resolve(refusal(undefined));
    socket.once("error", onError);
    socket.once("close", onClose);
    socket.once("secureConnect", () => {
      socket.off("close", onClose);
      const shown = socket.getPeerX509Certificate()?.raw;
      const certificate = shown === undefined ? undefined : new Uint8Array(shown);
      resolve({ socket, facts: { ...factsOf(socket, certificate), session: () => session } });
    });
  });
}

/** A server that never listens: one connection is handed to it, so that whatever it reports is about that one. */
function serverOf(change: TlsChange, name: string, protocols: readonly string[]): Server {
  const { key, certificate: cert } = certificateOf(name);
  const version = versionOf(change);
  const { alpn = protocols, ticketKeys } = change;
  return createTlsServer({
    key,
    cert,
    minVersion: version,
    maxVersion: version,
    allowHalfOpen: true,
    ...(alpn.length === 0 ? {} : { ALPNProtocols: [...alpn] }),
    ...(ticketKeys === undefined ? {} : { ticketKeys }),
  });
}

/** TLS as the server of a testee that dials. */
export function encryptAsServer(raw: Socket, change: TlsChange, protocols: readonly string[]): Promise<Encrypted> {
  const name = change.certificate ?? OWN_CERTIFICATE;
  const server = serverOf(change, name, protocols);
  return new Promise((resolve) => {
    server.once("secureConnection", (socket: TLSSocket) => {
      socket.allowHalfOpen = true;
      resolve({ socket, facts: factsOf(socket, certificateOf(name).der) });
    });
    server.on("tlsClientError", (error: Error) => resolve(refusal(error)));
    raw.once("close", () => resolve(refusal(undefined)));
    // A client that goes away within the handshake is noticed only so; once it is done, directions end one by one.
    raw.allowHalfOpen = false;
    server.emit("connection", raw);
  });
}
