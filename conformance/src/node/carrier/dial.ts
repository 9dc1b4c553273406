// Connections to a testee: TCP, then TLS, then the upgrade, as the scheme of its address asks for.
// That nobody listens fails the step; that the testee refuses one of the layers above is an outcome.
import { connect, type Socket } from "node:net";
import { StepFailure } from "../step-failure.js";
import { isEncrypted, isWeb, placeOf, within, type Handshaken } from "./carrier.js";
import { StreamCarrier } from "./stream-carrier.js";
import { encryptAsClient, type TlsChange } from "./tls.js";
import { requestUpgrade, type UpgradeRequest } from "./upgrade.js";
import { WebSocketCarrier } from "./websocket-carrier.js";

export interface DialChange {
  readonly tls?: TlsChange;
  readonly ws?: UpgradeRequest;
  /** Stop behind this layer: what is above it is the scenario's. */
  readonly bare?: "tcp" | "tls";
}

function connectTcp(address: string, ms: number): Promise<Socket> {
  const { host, port } = placeOf(address);
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, allowHalfOpen: true });
    const fail = (detail: string): void => {
      socket.destroy();
      reject(new StepFailure(`a connection to ${address}`, detail));
    };
    const timer = setTimeout(fail, ms, "none in time");
    const onError = (error: Error): void => {
      clearTimeout(timer);
      fail(error.message);
    };
    socket.once("error", onError);
    socket.once("connect", () => {
      clearTimeout(timer);
      socket.off("error", onError);
      socket.setNoDelay(true);
      resolve(socket);
    });
  });
}

/** Connects to a node of the testee. */
export async function dialCarrier(address: string, change: DialChange, ms: number): Promise<Handshaken> {
  const raw = await connectTcp(address, ms);
  // Whoever takes the connection over listens for errors of his own; until then they are the end of a handshake.
  raw.on("error", () => undefined);
  const late = (): Error => {
    raw.destroy();
    return new StepFailure(`the handshake of the carrier at ${address}`, "neither done nor refused in time");
  };
  return within(ms, layer(raw, address, change), late);
}

async function layer(raw: Socket, address: string, { tls = {}, ws = {}, bare }: DialChange): Promise<Handshaken> {
  const { scheme, host, port } = placeOf(address);
  if (bare === "tcp" || scheme === "tcp") return { carrier: new StreamCarrier("tcp", { socket: raw, raw }) };
  const encrypted = isEncrypted(scheme) ? await encryptAsClient(raw, tls, isWeb(scheme) ? [] : ["motet"]) : undefined;
  if (encrypted !== undefined && "refusal" in encrypted) return encrypted;
  const { socket = raw, facts = {} } = encrypted ?? {};
  const stream = new StreamCarrier(scheme, { socket, raw }, facts);
  if (!isWeb(scheme) || bare === "tls") return { carrier: stream };
  const name = `${host.includes(":") ? `[${host}]` : host}:${port}`;
  const refusal = await requestUpgrade(socket, name, ws);
  if (refusal !== undefined) {
    stream.destroy();
    return { refusal };
  }
  const authority = scheme === "wss" ? { authority: address } : {};
  return { carrier: new WebSocketCarrier(stream, true, { ...facts, ...authority, host: ws.host ?? name }) };
}
