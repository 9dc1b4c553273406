// Addresses that several nodes of one process share: each connection goes to the node that its initiator wants (3.3), any
// other to the node that joined first. Knows the first bytes of a connection and nothing behind them.

import { formatHex } from "../bytes/index.js";
import { placeOf, Reception } from "../engine/index.js";
import { misuse } from "../errors/index.js";
import { wantedOf } from "../session/index.js";
import {
  createTransports,
  schemeOf,
  type Connection,
  type Listener,
  type ServerCertificate,
  type TransportSettings,
} from "../transport/index.js";
import { HeldConnection } from "./held-connection.js";
import { checkCertificate, limitsOf } from "./options.js";

/** Limits of connections that no node has taken yet. */
type HostLimit = keyof NonNullable<TransportSettings["limits"]>;

export interface HostOptions extends Pick<TransportSettings, "certificate" | "origins"> {
  /** Addresses to listen at, such as `tls://127.0.0.1:0`. */
  readonly listen: readonly string[];
  /** Addresses at which others reach the nodes, in place of those listened at. */
  readonly announce?: readonly string[];
  /** Limits of handshakes that differ from those of section 9.7. */
  readonly limits?: Partial<Readonly<Record<HostLimit, number>>>;
}

type Accept = (connection: Connection) => void;

interface Waiting {
  readonly held: HeldConnection;
  readonly timer: NodeJS.Timeout;
}

/** Listeners that nodes share. Made by `createHost`; nodes join it with the option `host`. */
export class Host implements AsyncDisposable {
  readonly #announce: readonly string[] | undefined;
  readonly #limits: Readonly<Record<HostLimit, number>>;
  readonly #reception: Reception;
  readonly #listeners: Listener[] = [];
  #certificate: ServerCertificate | undefined;
  readonly #nodes = new Map<string, Accept>();
  /** Connections whose first bytes have not all come, by number. */
  readonly #waiting = new Map<number, Waiting>();
  #last = 0;

  /** Use `createHost`. */
  constructor({ announce, limits }: Pick<HostOptions, "announce" | "limits">) {
    this.#announce = announce;
    this.#limits = limitsOf(limits);
    this.#reception = new Reception(this.#limits, (number) => this.#drop(number));
  }

  /** @internal */
  async open({ listen, announce = [], ...settings }: HostOptions): Promise<void> {
    this.#certificate = settings.certificate;
    const transports = createTransports({ ...settings, configured: announce });
    for (const address of listen) {
      const transport = transports.get(schemeOf(address));
      if (transport === undefined)
        throw misuse(`"${address}" has no known scheme; write one such as tls://0.0.0.0:4000`);
      this.#listeners.push(await transport.listen(address, (connection) => this.#hold(connection)));
    }
  }

  /** Addresses at which the nodes are reached. */
  get addresses(): readonly string[] {
    return this.#announce ?? this.#listeners.map((listener) => listener.address);
  }

  /** A node takes what is meant for it, until the answer is called. @throws {ProtocolError} MISUSE @internal */
  join(nodeId: Uint8Array, accept: Accept): () => void {
    checkCertificate(this.#certificate, nodeId);
    const key = formatHex(nodeId);
    if (this.#nodes.has(key)) throw misuse("a node with this identity has joined the host already");
    this.#nodes.set(key, accept);
    return () => this.#nodes.delete(key);
  }

  #hold(connection: Connection): void {
    const number = ++this.#last;
    const held: HeldConnection = new HeldConnection(
      connection,
      (bytes) => this.#look(number, held, bytes),
      () => this.#release(number),
    );
    // A responder that has heard nothing says nothing: r[session.open.scanner].
    const timer = setTimeout(() => held.close(), Math.max(0, this.#limits.HANDSHAKE_MS - connection.openingMs));
    this.#waiting.set(number, { held, timer });
    const { channel, remoteAddress } = connection;
    const place = placeOf({ role: "responder", channel, remoteAddress });
    if (!this.#reception.begin(number, place, performance.now())) this.#drop(number);
  }

  #drop(number: number): void {
    const waiting = this.#waiting.get(number);
    this.#release(number);
    waiting?.held.close();
  }

  #release(number: number): void {
    clearTimeout(this.#waiting.get(number)?.timer);
    this.#waiting.delete(number);
    this.#reception.ended(number);
  }

  #look(number: number, held: HeldConnection, bytes: Uint8Array): void {
    const wanted = wantedOf(bytes);
    if (wanted === undefined || !this.#waiting.has(number)) return;
    this.#release(number);
    const [any] = this.#nodes.values();
    const accept = this.#nodes.get(formatHex(wanted)) ?? any;
    if (accept === undefined) held.close();
    else accept(held);
  }

  /** Stops to listen; nodes that have joined live on. */
  async close(): Promise<void> {
    for (const number of Array.from(this.#waiting.keys())) this.#drop(number);
    await Promise.all(this.#listeners.map((listener) => listener.close()));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/**
 * Listens at addresses for several nodes of this process.
 * @throws {ProtocolError} MISUSE, BAD_TEXT, UNREACHABLE when an address cannot be listened at
 */
export async function createHost(options: HostOptions): Promise<Host> {
  const host = new Host(options);
  try {
    await host.open(options);
  } catch (error) {
    await host.close();
    throw error;
  }
  return host;
}
