// Connections of a testee that dials: a TCP listener of the runner, and the layers above it as a right node answers them, unless a
// scenario changes something.
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { Mailbox } from "../mailbox.js";
import { StepFailure } from "../step-failure.js";
import { isEncrypted, isWeb, localAddress, placeOf, within, type Handshaken, type Scheme } from "./carrier.js";
import { StreamCarrier } from "./stream-carrier.js";
import { encryptAsServer, type TlsChange } from "./tls.js";
import { answerUpgrade, type UpgradeAnswer } from "./upgrade.js";
import { WebSocketCarrier } from "./websocket-carrier.js";

export interface AcceptChange {
  readonly tls?: TlsChange;
  readonly ws?: UpgradeAnswer;
}

export class CarrierListener {
  readonly address: string;
  readonly #server: Server;
  readonly #sockets = new Mailbox<Socket>();
  #served: ((socket: Socket) => void) | undefined;

  private constructor(server: Server, scheme: Scheme, host: string) {
    this.#server = server;
    this.address = localAddress(scheme, (server.address() as AddressInfo).port, host);
    server.on("connection", (socket) => {
      socket.on("error", () => undefined);
      if (this.#served === undefined) this.#sockets.put(socket);
      else this.#served(socket);
    });
  }

  /** Listens on this machine; `host` is what its address says. */
  static open(scheme: Scheme, host = "127.0.0.1", port = 0): Promise<CarrierListener> {
    return new Promise((resolve, reject) => {
      const server = createServer({ allowHalfOpen: true, pauseOnConnect: true });
      server.once("error", reject);
      server.listen(port, "127.0.0.1", () => resolve(new CarrierListener(server, scheme, host)));
    });
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets.items) socket.destroy();
  }

  /** Connections that nobody has taken yet. */
  get waiting(): number {
    return this.#sockets.items.length;
  }

  /** The next connection of the testee. */
  async accept(change: AcceptChange, ms: number): Promise<Handshaken> {
    const raw = await this.#sockets.next(ms);
    if (raw === undefined) throw new StepFailure(`a connection of the testee to ${this.address}`, "none in time");
    return this.#greet(raw, change, ms);
  }

  /** Hands over every connection that comes, from now on; those whose own handshake fails are dropped. */
  serve(ms: number, handle: (made: Handshaken) => void): void {
    this.#served = (socket) => void this.#greet(socket, {}, ms).then(handle, () => undefined);
    for (const socket of this.#sockets.items.splice(0)) this.#served(socket);
  }

  async #greet(raw: Socket, change: AcceptChange, ms: number): Promise<Handshaken> {
    raw.setNoDelay(true);
    const late = (): Error =>
      new StepFailure(`the handshake of the carrier at ${this.address}`, "neither done nor refused in time");
    try {
      return await within(ms, this.#layer(raw, change), late);
    } catch (error) {
      raw.destroy();
      throw error;
    }
  }

  async #layer(raw: Socket, { tls = {}, ws = {} }: AcceptChange): Promise<Handshaken> {
    const { scheme } = placeOf(this.address);
    const isMotet = isEncrypted(scheme) && !isWeb(scheme);
    const encrypted = isEncrypted(scheme) ? await encryptAsServer(raw, tls, isMotet ? ["motet"] : []) : undefined;
    if (encrypted !== undefined && "refusal" in encrypted) return encrypted;
    const { socket = raw, facts = {} } = encrypted ?? {};
    if (encrypted !== undefined && isMotet && tls.alpn === undefined && encrypted.socket.alpnProtocol !== "motet") {
      throw new StepFailure("the testee to offer the ALPN protocol motet", String(encrypted.socket.alpnProtocol));
    }
    const stream = new StreamCarrier(scheme, { socket, raw }, facts);
    if (!isWeb(scheme)) return { carrier: stream };
    const answer = await answerUpgrade(socket, ws);
    if ("refusal" in answer) return answer;
    return { carrier: new WebSocketCarrier(stream, false, { ...facts, host: answer.host }) };
  }
}
