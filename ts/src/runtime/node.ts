// A node as applications hold it: an engine, its driver, and connections of the platform.

import { setMaxListeners } from "node:events";
import { misuse, ProtocolError } from "../errors/index.js";
import { Engine, type EngineCounts, type NodeEvent } from "../engine/index.js";
import type { Network } from "../identity/index.js";
import { schemeOf, transports, type Listener, type Transport } from "../transport/index.js";
import { SystemClock, type Clock } from "./clock.js";
import { hasher, random } from "./crypto.js";
import { Driver } from "./drive.js";
import { EventHub, type EventMap } from "./event-hub.js";
import { createIdentity, type Identity } from "./identity.js";
import {
  checkOptions,
  checkPinned,
  limitsOf,
  networkOfOptions,
  parsePinnedAddress,
  type NodeOptions,
} from "./options.js";

const version = "motet/0.1.0";

/** What the application learns of a broadcast it made. */
export interface Receipt {
  readonly sequence: bigint;
  /** Message id, 32 bytes. */
  readonly id: Uint8Array;
}

function transportOf(address: string): Transport {
  const transport = transports.get(schemeOf(address));
  if (transport === undefined) {
    throw misuse(
      `"${address}" has no known scheme; use one of ${[...transports.keys()].map((scheme) => `${scheme}://`).join(", ")}`,
    );
  }
  return transport;
}

/** One participant of a network. Made by `createNode`; `close` ends it. */
export class Node implements AsyncDisposable {
  /** Node id, 32 bytes. */
  readonly id: Uint8Array;
  /** Text of the node id, `motet1…`. */
  readonly idText: string;
  readonly network: Network;
  readonly #engine: Engine;
  readonly #driver: Driver;
  readonly #clock: Clock;
  readonly #events = new EventHub();
  readonly #listeners: Listener[] = [];
  readonly #dialling = new AbortController();
  readonly #limits: ReturnType<typeof limitsOf>;
  #closing: Promise<void> | undefined;

  /** Use `createNode`. */
  constructor(options: NodeOptions, identity: Identity) {
    checkOptions(options);
    this.id = identity.nodeId;
    this.idText = identity.text;
    this.network = networkOfOptions(options.network);
    this.#limits = limitsOf(options.limits);
    this.#clock = options.clock ?? new SystemClock();
    setMaxListeners(0, this.#dialling.signal);
    const now = this.#clock.now();
    const config = {
      network: this.network,
      nodeId: identity.nodeId,
      limits: this.#limits,
      hasher,
      random,
      incarnation: options.incarnation ?? BigInt(now),
      lastSequence: options.lastSequence ?? 0n,
      agent: options.agent ?? version,
    };
    this.#engine = new Engine(config, now);
    this.#driver = new Driver(this.#engine, this.#clock, identity, {
      event: (event) => this.#emit(event),
      dial: (dial, address) => void this.#connect(dial, address),
    });
  }

  /** Listens and makes the node known to itself; to be called once, by `createNode`. @internal */
  async open(listen: readonly string[]): Promise<void> {
    for (const address of listen) {
      const transport = transportOf(address);
      this.#listeners.push(
        await transport.listen(address, (connection) => this.#driver.attach(connection, "responder")),
      );
    }
    this.#engine.announce(this.addresses, this.#clock.now());
    this.#driver.drain();
  }

  /** Addresses at which the node listens, with the ports that were chosen. */
  get addresses(): readonly string[] {
    return this.#listeners.map((listener) => listener.address);
  }

  /** Node ids of the connected peers, sorted. */
  get peers(): readonly Uint8Array[] {
    return this.#engine.peers;
  }

  /** Numbers for operators. */
  get counts(): EngineCounts {
    return this.#engine.counts;
  }

  /**
   * Calls back for each event of a type, until the answer is disposed of or the node closed. An exception in a callback
   * is the application's: it surfaces as an uncaught exception and does not disturb the node.
   */
  on<T extends keyof EventMap>(type: T, listener: (event: EventMap[T]) => void): Disposable {
    return this.#events.on(type, listener);
  }

  /** All events from now on, for `for await`; ends when the node closes or `signal` aborts. */
  events(options: { readonly signal?: AbortSignal } = {}): AsyncIterableIterator<NodeEvent> {
    return this.#events.iterate(options.signal);
  }

  /**
   * Dials an address in the background; what comes of it is an event, `peer.up` or `refused`.
   * @param address such as `tcp://127.0.0.1:4000`, or with the id of the node that must answer `tcp://motet1…@127.0.0.1:4000`.
   * @param options.keep dial again after a failure or a loss. @defaultValue false
   * @throws {ProtocolError} MISUSE, BAD_TEXT, BAD_KEY
   */
  dial(address: string, options: { readonly keep?: boolean; readonly pinned?: Uint8Array } = {}): void {
    this.#checkOpen();
    const target = {
      ...(options.pinned === undefined ? {} : { pinned: checkPinned(options.pinned) }),
      ...parsePinnedAddress(address),
    };
    transportOf(target.address).check(target.address);
    this.#engine.dial({ ...target, isKept: options.keep ?? false }, this.#clock.now());
    this.#driver.drain();
  }

  /**
   * Sends a broadcast to the whole network: section 4. Waits while no peer takes more.
   * @param channel UTF-8, at most 64 bytes.
   * @param payload copied before the call returns.
   * @throws {ProtocolError} MISUSE, TOO_LARGE; CLOSED once the node is closed
   */
  async broadcast(
    channel: string,
    payload: Uint8Array,
    options: { readonly signal?: AbortSignal } = {},
  ): Promise<Receipt> {
    if (!(payload instanceof Uint8Array))
      throw misuse("the payload of a broadcast is a Uint8Array; encode texts first");
    // Not `slice`: that of a Buffer is no copy.
    const own = new Uint8Array(payload);
    for (;;) {
      options.signal?.throwIfAborted();
      try {
        return this.tryBroadcast(channel, own);
      } catch (error) {
        if (!(error instanceof ProtocolError) || error.code !== "QUEUE_FULL") throw error;
      }
      await this.#untilDrained(options.signal);
    }
  }

  /** Like `broadcast`, but throws QUEUE_FULL instead of waiting: r[mesh.publish.busy]. */
  tryBroadcast(channel: string, payload: Uint8Array): Receipt {
    this.#checkOpen();
    const receipt = this.#engine.broadcast(channel, payload, this.#clock.now());
    this.#driver.drain();
    return receipt;
  }

  #checkOpen(): void {
    if (this.#closing === undefined) return;
    throw new ProtocolError("CLOSED", "the node is closed; make another one", { origin: "local" });
  }

  /** Lets the node look at its clock: after a clock of the caller's own was moved. */
  wake(): void {
    this.#driver.wake();
  }

  /** Says GOODBYE to every peer and closes all connections. Safe to call twice; bounded by CLOSE_READ_MS. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    this.#dialling.abort();
    const closed = this.#listeners.map((listener) => listener.close());
    await this.#driver.stop();
    await Promise.all(closed);
    this.#events.close();
  }

  async #connect(dial: number, address: string): Promise<void> {
    const signal = AbortSignal.any([this.#dialling.signal, AbortSignal.timeout(this.#limits.HANDSHAKE_MS)]);
    try {
      const connection = await transportOf(address).dial(address, signal);
      if (this.#closing === undefined) this.#driver.attach(connection, "initiator", dial);
      else connection.close();
    } catch (error) {
      const reason = error instanceof ProtocolError ? error.what : (error as Error).message;
      this.#engine.dialFailed(dial, reason, this.#clock.now());
      this.#driver.drain();
    }
  }

  #emit(event: NodeEvent): void {
    this.#events.emit(event);
  }

  /** Resolves when broadcasts are taken again, or the node closes; rejects when the signal aborts. */
  async #untilDrained(signal: AbortSignal | undefined): Promise<void> {
    for await (const event of this.#events.iterate(signal)) if (event.type === "drain") return;
    signal?.throwIfAborted();
  }
}

/**
 * Makes a node, listens where it was told, and dials its bootstrap addresses in the background.
 * @throws {ProtocolError} MISUSE, MALFORMED, BAD_TEXT, UNREACHABLE when an address cannot be listened at
 */
export async function createNode(options: NodeOptions): Promise<Node> {
  const node = new Node(options, options.identity ?? createIdentity());
  try {
    await node.open(options.listen ?? []);
    for (const address of options.bootstrap ?? []) node.dial(address, { keep: true });
  } catch (error) {
    await node.close();
    throw error;
  }
  return node;
}
