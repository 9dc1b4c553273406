// A node as applications hold it: an engine, its driver, and connections of the platform.

import { setMaxListeners } from "node:events";
import { ProtocolError } from "../errors/index.js";
import {
  Engine,
  type EngineCounts,
  type Message,
  type NodeEvent,
  type QuestionEvent,
  type RequestEvent,
} from "../engine/index.js";
import type { Network } from "../identity/index.js";
import type { Listener } from "../transport/index.js";
import type { Access } from "./access.js";
import type { AnchorFile } from "./anchor-file.js";
import { SystemClock, type Clock } from "./clock.js";
import { Driver } from "./drive.js";
import { engineConfigOf } from "./engine-config.js";
import { EventHub, type EventMap } from "./event-hub.js";
import type { CommandDefinition, DefinedCommand } from "./command.js";
import type { Handler } from "./handlers.js";
import type { Host } from "./host.js";
import type { Identity } from "./identity.js";
import {
  checkChannel,
  checkId,
  checkPayload,
  NodeMessaging,
  type AskOptions,
  type NodeIdLike,
  type TellOptions,
  type WaitOptions,
} from "./node-messaging.js";
import { NodeRing } from "./node-ring.js";
import { NodeTable } from "./node-table.js";
import { NodeTransports } from "./node-transports.js";
import { passes, surface } from "./application-code.js";
import {
  checkOptions,
  compressionsOf,
  limitsOf,
  networkOfOptions,
  transportSettings,
  type NodeOptions,
} from "./options.js";
import type { NodeStore } from "./store/index.js";
import { WaitingLine } from "./waiting-line.js";

/** What the application learns of a broadcast it made. */
export interface Receipt {
  readonly sequence: bigint;
  /** Message id, 32 bytes. */
  readonly id: Uint8Array;
}

/** One participant of a network. Made by `createNode`; `close` ends it. */
export class Node implements AsyncDisposable {
  /** Node id, 32 bytes. */
  readonly id: Uint8Array;
  /** Text of the node id, `motet1…`. */
  readonly idText: string;
  readonly network: Network;
  /** Its part in the ring, or its view of it as a client: chapter 7. */
  readonly ring: NodeRing;
  /** The dictionary that the members of the ring hold together: chapter 8. */
  readonly table: NodeTable;
  readonly #engine: Engine;
  readonly #driver: Driver;
  readonly #clock: Clock;
  readonly #events = new EventHub();
  readonly #broadcasts = new WaitingLine();
  readonly #listeners: Listener[] = [];
  readonly #dialling = new AbortController();
  readonly #limits: ReturnType<typeof limitsOf>;
  readonly #transports: NodeTransports;
  readonly #announced: readonly string[] | undefined;
  readonly #messaging: NodeMessaging;
  readonly #anchors: AnchorFile;
  readonly #store: NodeStore;
  #host: Host | undefined;
  #leaveHost: (() => void) | undefined;
  #closing: Promise<void> | undefined;

  /** Use `createNode`. */
  constructor(options: NodeOptions, identity: Identity, anchors: AnchorFile, store: NodeStore) {
    checkOptions(options);
    this.#anchors = anchors;
    this.#store = store;
    this.id = identity.nodeId;
    this.idText = identity.text;
    this.network = networkOfOptions(options.network);
    this.#limits = limitsOf(options.limits);
    this.#announced = options.announce;
    this.#transports = new NodeTransports(transportSettings(options, this.#limits, identity.nodeId));
    this.#clock = options.clock ?? new SystemClock();
    setMaxListeners(0, this.#dialling.signal);
    const now = this.#clock.now();
    const known = { network: this.network, nodeId: this.id, limits: this.#limits, anchors: anchors.anchors };
    this.#engine = new Engine(engineConfigOf(options, known, now), now);
    this.#messaging = this.#makeMessaging();
    this.ring = this.#makeRing();
    this.table = this.#makeTable();
    this.#driver = new Driver(this.#engine, this.#clock, identity, {
      store,
      event: (event) => this.#emit(event),
      dial: (dial, address) => void this.#connect(dial, address),
    });
  }

  #makeMessaging(): NodeMessaging {
    return new NodeMessaging({
      engine: () => this.#checkOpen().messaging(this.#clock.now()),
      drain: () => this.#driver.drain(),
      untilDrained: (signal) => this.#until((event) => event.type === "drain", signal),
      report: surface,
    });
  }

  #makeRing(): NodeRing {
    return new NodeRing({
      network: this.network,
      engine: () => this.#checkOpen().ring(this.#clock.now()),
      entrance: (address) => this.#transports.target(address),
      drain: () => this.#driver.drain(),
      untilLeft: (signal) => this.#until((event) => event.type === "ring" && event.phase === "LEFT", signal),
      close: () => this.close(),
    });
  }

  #makeTable(): NodeTable {
    return new NodeTable({
      network: this.network,
      nodeId: this.id,
      engine: () => this.#checkOpen().table(this.#clock.now()).service,
      drain: () => this.#driver.drain(),
      events: (options) => this.events(options),
    });
  }

  /** Listens and makes the node known to itself; to be called once, by `createNode`. @internal */
  async open(listen: readonly string[], host: Host | undefined): Promise<void> {
    for (const address of listen) {
      const transport = this.#transports.of(address);
      this.#listeners.push(
        await transport.listen(address, (connection) => this.#driver.attach(connection, "responder")),
      );
    }
    if (host !== undefined) {
      this.#leaveHost = host.join(this.id, (connection) => this.#driver.attach(connection, "responder"));
    }
    this.#host = host;
    this.#store.load((infos) => this.#engine.table(this.#clock.now()).load(infos));
    this.#engine.announce(this.#announced ?? this.addresses, this.#clock.now());
    this.#driver.drain();
  }

  /** Addresses at which the node listens, with the ports that were chosen. */
  get addresses(): readonly string[] {
    return [...this.#listeners.map((listener) => listener.address), ...(this.#host?.addresses ?? [])];
  }

  /** Node ids of the connected peers, 32 bytes each, sorted. */
  get peers(): readonly Uint8Array[] {
    return this.#engine.peers;
  }

  /** Numbers for operators. */
  get counts(): EngineCounts {
    return this.#engine.counts;
  }

  /**
   * Calls back for each event of a type, in their order, until the answer is disposed of or the node closed. Bytes in an event
   * are the application's own. An exception in a callback surfaces as an uncaught one, and does not disturb the node.
   */
  on<T extends keyof EventMap>(type: T, listener: (event: EventMap[T]) => void): Disposable {
    return this.#events.on(type, listener);
  }

  /**
   * All events from now on, for `for await`; ends when the node closes or `signal` aborts. A reader that is too slow loses
   * the oldest: roughly the newest 16 MiB are kept.
   */
  events(options: { readonly signal?: AbortSignal } = {}): AsyncIterableIterator<NodeEvent> {
    return this.#events.iterate(options.signal);
  }

  /**
   * Dials an address in the background; what comes of it is an event, `peer.up` or `refused`.
   * @param address such as `tls://127.0.0.1:4000`, or with the id of the node that must answer `tls://motet1…@127.0.0.1:4000`.
   * @param options.keep dial again after a failure or a loss. @defaultValue false
   * @throws {ProtocolError} MISUSE, BAD_TEXT, BAD_KEY
   */
  dial(address: string, options: { readonly keep?: boolean; readonly pinned?: Uint8Array } = {}): void {
    this.#checkOpen();
    const target = this.#transports.target(address, options.pinned);
    this.#engine.dial({ ...target, isKept: options.keep ?? false }, this.#clock.now());
    this.#driver.drain();
  }

  /**
   * Sends a broadcast to the whole network: section 4. Waits while no peer takes more, or while PUBLISHED_PER_SECOND were
   * made within the second before; then broadcasts are made in the order of the calls.
   * @param channel at most 64 bytes of UTF-8.
   * @param payload at most `maxMessage` of the network, less 50 bytes and the channel; copied before the call returns.
   * @throws {ProtocolError} MISUSE, TOO_LARGE; CLOSED once the node is closed
   */
  async broadcast(
    channel: string,
    payload: Uint8Array,
    options: { readonly signal?: AbortSignal } = {},
  ): Promise<Receipt> {
    const own = checkPayload(payload);
    checkChannel(channel);
    return this.#broadcasts.run(() => this.tryBroadcast(channel, own), options.signal);
  }

  /** Like `broadcast`, but throws QUEUE_FULL instead of waiting: r[mesh.publish.busy], r[mesh.publish.rate]. */
  tryBroadcast(channel: string, payload: Uint8Array): Receipt {
    this.#checkOpen();
    checkChannel(channel);
    const receipt = this.#engine.broadcast(channel, payload, this.#clock.now());
    this.#driver.drain();
    return receipt;
  }

  /**
   * Sends bytes to one node: section 5.2. At most once; resolves when they are handed to a session with it. A node that is
   * no peer is looked for and dialled (5.6). Waits while the peer's queue is full. What goes to one node keeps its order.
   * @param channel at most 64 bytes of UTF-8.
   * @param payload with its channel at most the peer's receive limit (1 MiB by default); copied before the call returns.
   * @throws {ProtocolError} MISUSE, BAD_TEXT, BAD_KEY, TOO_LARGE, UNREACHABLE, CLOSED; QUEUE_FULL with `wait: false`
   */
  tell(target: NodeIdLike, channel: string, payload: Uint8Array, options: TellOptions = {}): Promise<void> {
    return this.#messaging.tell(target, channel, payload, options);
  }

  /**
   * Asks one node, and resolves with its answer, which is the caller's own: section 5.3. Sent as `tell` does it; answers come
   * in any order.
   * @throws {ProtocolError} as `tell`; of the peer NOT_SERVED, APPLICATION, BUSY, TOO_LARGE; TIMEOUT; the code with which the
   * session ended
   */
  ask(target: NodeIdLike, channel: string, payload: Uint8Array, options: AskOptions = {}): Promise<Uint8Array> {
    return this.#messaging.ask(target, channel, payload, options);
  }

  /**
   * Answers what others ask on a channel, until disposed of: section 5.3. What the handler throws is told to the asker as
   * APPLICATION with the text of the error. Handlers run side by side.
   * @throws {ProtocolError} MISUSE when the channel is served already, or none; CLOSED
   */
  serve(channel: string, handler: Handler): Disposable {
    return this.#messaging.serve(channel, handler);
  }

  /**
   * Defines a command of the application, with types of its own, until disposed of: section 5.7. Both sides define it alike.
   * @throws {ProtocolError} MISUSE when it is defined already, or not of 0x8000…0xffff; CLOSED
   */
  define<T, R = never>(definition: CommandDefinition<T, R>): DefinedCommand<T, R> {
    return this.#messaging.define(definition);
  }

  /**
   * Looks for a node by asking the network: section 5.5. Resolves once its record has come; `tell` and `ask` do this
   * themselves.
   * @throws {ProtocolError} UNREACHABLE when nobody knows it; BAD_TEXT, BAD_KEY for what is no node id; CLOSED
   */
  async locate(wanted: NodeIdLike, { signal }: WaitOptions = {}): Promise<void> {
    await this.#messaging.locate(checkId(wanted), signal);
  }

  /**
   * Asks a peer for records of other nodes: section 5.4. Resolves with the node ids of those that were kept, 32 bytes each:
   * from then on they can be told and asked without a search.
   * @param options.limit 1…32. @defaultValue 32
   * @throws {ProtocolError} MISUSE; UNREACHABLE for a node that is no peer; BUSY when it was asked less than 30 s ago; TIMEOUT
   */
  async askPeers(
    target: NodeIdLike,
    { limit = 32, signal }: WaitOptions & { readonly limit?: number } = {},
  ): Promise<readonly Uint8Array[]> {
    const id = checkId(target);
    return this.#messaging.askPeers(id, limit, signal);
  }

  /**
   * Says who may be a peer: section 3.5. Replaces what was said before; peers that may not be any more are parted from with
   * BANNED.
   * @throws {ProtocolError} MISUSE, BAD_TEXT, BAD_KEY for what is no node id; CLOSED
   */
  access(access: Access): void {
    this.#checkOpen();
    const { allow, deny = [], accept } = access;
    this.#engine.access(
      {
        deny: deny.map(checkId),
        ...(allow === undefined ? {} : { allow: allow.map(checkId) }),
        ...(accept === undefined ? {} : { accept: (peer) => passes(() => accept(peer)) }),
      },
      this.#clock.now(),
    );
    this.#driver.drain();
  }

  /**
   * Looks at each broadcast before it is delivered and relayed: r[mesh.hook]. What it refuses goes no further, and is nobody's
   * fault; an exception in it surfaces, and refuses. Without one, or with `undefined`, all pass.
   */
  validate(hook: ((message: Message) => boolean) | undefined): void {
    this.#engine.hook = hook && ((message) => passes(() => hook(message)));
  }

  /**
   * Changes what the node takes, and tells its peers: section 3.10. What is left out stays as it is.
   * @param options.compressions ids of section 9.4, best first. @param options.receiveLimit longest payload, bytes.
   * @throws {ProtocolError} MISUSE for an id that cannot be decoded, or a limit below what the network needs; CLOSED
   */
  update(options: { readonly compressions?: readonly number[]; readonly receiveLimit?: number }): void {
    this.#checkOpen();
    const offer = this.#engine.offer;
    const { receiveLimit = offer.receiveLimit } = options;
    const compressions = options.compressions === undefined ? offer.compressions : compressionsOf(options);
    this.#engine.update({ compressions, receiveLimit }, this.#clock.now());
    this.#driver.drain();
  }

  /** Round trip to a peer, milliseconds, as its last PING showed it; `undefined` for others, or before the first answer. */
  rttMs(peer: NodeIdLike): number | undefined {
    return this.#engine.rttMs(checkId(peer));
  }

  #checkOpen(): Engine {
    if (this.#closing === undefined) return this.#engine;
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
    this.#leaveHost?.();
    const closed = this.#listeners.map((listener) => listener.close());
    await this.#driver.stop();
    this.#messaging.close();
    this.ring.end();
    this.table.end();
    await Promise.all([...closed, this.#anchors.settled(), this.#store.close()]);
    this.#events.close();
    this.#broadcasts.next();
  }

  async #connect(dial: number, address: string): Promise<void> {
    const signal = AbortSignal.any([this.#dialling.signal, AbortSignal.timeout(this.#limits.HANDSHAKE_MS)]);
    try {
      const connection = await this.#transports.dial(address, signal);
      if (this.#closing === undefined) this.#driver.attach(connection, "initiator", dial);
      else connection.close();
    } catch (error) {
      const isOurs = error instanceof ProtocolError;
      const reason = isOurs ? error.what : (error as Error).message;
      this.#engine.dialFailed(dial, reason, this.#clock.now(), isOurs ? error.code : "UNREACHABLE");
      this.#driver.drain();
    }
  }

  #emit(event: NodeEvent | RequestEvent | QuestionEvent): void {
    if ("request" in event) this.ring.receive(event);
    if ("request" in event) this.table.receive(event);
    if ("request" in event || "question" in event) return this.#messaging.receive(event);
    if (event.type === "commanded") this.#messaging.receive(event);
    if (event.type === "drain") this.#broadcasts.next();
    this.#anchors.keep(this.#engine.anchors);
    this.#events.emit(event);
  }

  async #until(isIt: (event: NodeEvent) => boolean, signal: AbortSignal | undefined): Promise<void> {
    for await (const event of this.#events.iterate(signal)) if (isIt(event)) return;
    signal?.throwIfAborted();
  }
}
