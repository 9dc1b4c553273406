// One node without sockets, clock or randomness: sessions and flooding put together, and the only place of policy.
// Bytes and time in through the methods; outputs through `poll`, bytes through `fill`, the next time through `deadline`.

import { formatHex } from "../bytes/index.js";
import { ProtocolError } from "../errors/index.js";
import { Priority } from "../framing/index.js";
import { Command } from "../gen/registry.js";
import type { Network } from "../identity/index.js";
import { Flood, Penalties, type Delivery, type Receipt, type VerdictCounts } from "../mesh/index.js";
import type { Hasher, Limits, Random } from "../ports/index.js";
import { Session, type SessionContext, type SessionInfo, type SessionOwner } from "../session/index.js";
import { Dialler, type DialTarget } from "./dialler.js";
import { Effects } from "./effects.js";
import { Message } from "./message.js";
import { OutputQueue } from "./output-queue.js";
import type { NodeEvent, Output } from "./outputs.js";
import { OwnRecord } from "./own-record.js";
import { PeerLife } from "./peer-life.js";
import { PeerTable } from "./peer-table.js";

export interface EngineConfig {
  readonly network: Network;
  /** 32 bytes. */
  readonly nodeId: Uint8Array;
  readonly limits: Limits;
  readonly hasher: Hasher;
  readonly random: Random;
  /** Unix ms at the start of the process, more than at every earlier start. */
  readonly incarnation: bigint;
  /** Last sequence of an earlier run, 0 for none. */
  readonly lastSequence: bigint;
  /** Name and version of the software: printable ASCII, at most 128 bytes. */
  readonly agent: string;
}

/** A connection as its driver describes it. */
export interface LinkInfo {
  readonly role: "initiator" | "responder";
  readonly encrypted: boolean;
  readonly inProcess: boolean;
  readonly remoteAddress: string;
  /** The dial that led to it; initiators only. */
  readonly dial?: number;
}

/** Numbers for operators. */
export interface EngineCounts {
  readonly verdicts: Readonly<VerdictCounts>;
  /** Broadcasts that a full queue dropped. */
  readonly dropped: number;
  /** Origins, or ids in an unsigned network, that are remembered. */
  readonly known: number;
}

const empty = new Uint8Array(0);

export class Engine {
  readonly #config: EngineConfig;
  readonly #outputs = new OutputQueue();
  readonly #effects = new Effects(this.#outputs);
  readonly #record: OwnRecord;
  readonly #flood: Flood;
  readonly #peers: PeerTable;
  readonly #dialler: Dialler;
  readonly #sessions = new Map<number, Session>();
  readonly #penalties = new Map<Session, Penalties>();
  readonly #life: PeerLife;
  readonly #paused = new Set<Session>();
  readonly #context: SessionContext;
  readonly #owner: SessionOwner;
  #now: number;
  #dialCounter = 0;
  #dropped = 0;
  #wasRefused = false;
  #isStopping = false;

  constructor(config: EngineConfig, now: number) {
    this.#config = config;
    this.#now = now;
    const signatures = this.#effects;
    this.#record = new OwnRecord({ ...config, signatures });
    this.#flood = new Flood({ ...config, signatures }, this.#floodOwner(), config.lastSequence);
    this.#peers = new PeerTable(config.nodeId);
    this.#dialler = new Dialler(config.limits, config.random);
    this.#life = new PeerLife({
      sessionLimit: config.limits.SESSIONS,
      peers: this.#peers,
      flood: this.#flood,
      dialler: this.#dialler,
      emit: (event) => this.#emit(event),
      now: () => this.#now,
    });
    this.#context = { ...config, signatures, withRecord: (use) => this.#record.with(use), now: () => this.#now };
    this.#owner = this.#sessionOwner();
  }

  /** Makes the node's record of the addresses it can be dialled at; to be called once before the first link. */
  announce(addresses: readonly string[], now: number): void {
    this.#at(now);
    this.#record.announce(addresses, now);
  }

  /** Dials an address, once or for good. */
  dial(target: DialTarget, now: number): void {
    this.#at(now);
    this.#dialler.add(target, now);
    this.#startDials();
  }

  /** A connection is there. `link` names it from now on. */
  open(link: number, info: LinkInfo, now: number): void {
    this.#at(now);
    if (info.role === "responder") this.#makeRoom();
    const dialCounter = this.#countDial(info);
    const target = info.dial === undefined ? undefined : this.#dialler.target(info.dial);
    const sessionInfo: SessionInfo = {
      link,
      role: info.role,
      encrypted: info.encrypted,
      inProcess: info.inProcess,
      remoteAddress: info.remoteAddress,
      dialCounter,
      ...(target?.pinned === undefined ? {} : { pinned: target.pinned }),
    };
    const session = new Session(this.#context, this.#owner, sessionInfo);
    this.#sessions.set(link, session);
    if (info.dial !== undefined) this.#life.dialled(session, info.dial);
    if (this.#isStopping) session.end("CLOSED", "the node stops");
    else session.open();
  }

  /** A dial came to nothing. */
  dialFailed(dial: number, reason: string, now: number): void {
    this.#at(now);
    const address = this.#dialler.target(dial)?.address ?? "";
    this.#emit({ type: "refused", role: "initiator", by: "local", code: "UNREACHABLE", text: reason, address });
    this.#dialler.over(dial, now, false);
  }

  /** Bytes came; they are only looked at during the call. */
  receive(link: number, chunk: Uint8Array, now: number): void {
    this.#at(now);
    const session = this.#sessions.get(link);
    if (session === undefined) return;
    session.receive(chunk);
    this.#notePause(session);
  }

  /** The other side ended its direction. */
  otherSideEnded(link: number, now: number): void {
    this.#at(now);
    const session = this.#sessions.get(link);
    session?.otherSideEnded();
    if (session !== undefined) this.#notePause(session);
  }

  /** The connection is no more: the driver forgets the link. */
  closed(link: number, now: number): void {
    this.#at(now);
    const session = this.#sessions.get(link);
    session?.lost();
    if (session !== undefined) this.#notePause(session);
  }

  /** A signature effect is done: a boolean for `verify`, 64 bytes for `sign`. */
  complete(handle: number, result: boolean | Uint8Array, now: number): void {
    this.#at(now);
    this.#effects.complete(handle, result);
    this.#resumePaused();
    this.#tellDrained();
  }

  /** Time has come to `deadline`. */
  wake(now: number): void {
    this.#at(now);
    for (const session of this.#sessions.values()) session.wake();
    if (now >= this.#record.deadline) this.#record.renew(now);
    this.#startDials();
  }

  /**
   * Makes a broadcast; `payload` is copied.
   * @throws {ProtocolError} MISUSE, TOO_LARGE, QUEUE_FULL (r[mesh.publish.busy]): then a `drain` event follows
   */
  broadcast(channel: string, payload: Uint8Array, now: number): Receipt {
    this.#at(now);
    // r[mesh.publish.busy]
    if (this.#isBusy()) {
      this.#wasRefused = true;
      throw new ProtocolError("QUEUE_FULL", "no peer takes more for now; wait for the drain event", {
        origin: "local",
      });
    }
    return this.#flood.publish(channel, payload, now);
  }

  /** Ends every session with CLOSED, once the broadcasts made so far are on their way; no more dials. */
  stop(now: number): void {
    this.#at(now);
    this.#isStopping = true;
    this.#flood.afterPublished(() => this.#endAll());
  }

  #endAll(): void {
    for (const session of this.#sessions.values()) {
      // r[session.goodbye.stop] mutate: `"CLOSED"` => `"TIMEOUT"`
      session.end("CLOSED", "the node stops");
    }
  }

  /** The next output, in the order in which they arose. */
  poll(): Output | undefined {
    return this.#outputs.shift();
  }

  /** Bytes that wait to be filled for a link. */
  pendingBytes(link: number): number {
    return this.#sessions.get(link)?.pendingBytes ?? 0;
  }

  /** Writes whole frames and parts of long ones into `target`; answers how many bytes. `target` holds at least 8. */
  fill(link: number, target: Uint8Array, now: number): number {
    this.#at(now);
    const count = this.#sessions.get(link)?.fill(target) ?? 0;
    if (this.#paused.size > 0) this.#resumePaused();
    this.#tellDrained();
    return count;
  }

  /** A publisher that was refused hears of it when a queue, the signatures or the end of a peer leave room again. */
  #tellDrained(): void {
    if (!this.#wasRefused || this.#isBusy()) return;
    this.#wasRefused = false;
    this.#emit({ type: "drain" });
  }

  /** Whether the driver should not read from a link until a `resume` output. */
  isPaused(link: number): boolean {
    return this.#sessions.get(link)?.isPaused ?? false;
  }

  /** When `wake` is due, unix ms. */
  get deadline(): number | undefined {
    let due = Math.min(this.#record.deadline, this.#isStopping ? Infinity : (this.#dialler.deadline ?? Infinity));
    for (const session of this.#sessions.values()) due = Math.min(due, session.deadline);
    return due === Infinity ? undefined : due;
  }

  /** Node ids of the peers that were reported, sorted. */
  get peers(): readonly Uint8Array[] {
    const keys = new Map(
      [...this.#peers].filter((peer) => peer.isReported).map((peer) => [formatHex(peer.nodeId), peer.nodeId]),
    );
    return [...keys.keys()].sort().map((key) => keys.get(key) ?? empty);
  }

  get counts(): EngineCounts {
    return { verdicts: { ...this.#flood.counts }, dropped: this.#dropped, known: this.#flood.known };
  }

  /** The time of the input that is being handled, for everything inside. */
  #at(now: number): void {
    this.#now = now;
    this.#flood.setNow(now);
  }

  #emit(event: NodeEvent): void {
    this.#outputs.push({ type: "event", event });
  }

  #countDial(info: LinkInfo): number {
    if (info.role === "responder") return 0;
    // r[session.hello.counter]
    this.#dialCounter++;
    return this.#dialCounter;
  }

  /** Ends the oldest handshake that others began, when there are too many. */
  #makeRoom(): void {
    const handshakes = [...this.#sessions.values()].filter(
      (session) => session.isInHandshake && session.info.role === "responder",
    );
    // r[session.handshakes]
    if (handshakes.length >= this.#config.limits.HANDSHAKES) handshakes[0]?.end("FULL", "too many handshakes at once");
  }

  #startDials(): void {
    if (this.#isStopping) return;
    const isPeer = (key: string): boolean => [...this.#peers].some((peer) => formatHex(peer.nodeId) === key);
    for (const { dial, target } of this.#dialler.start(this.#now, isPeer)) {
      this.#outputs.push({ type: "dial", dial, address: target.address });
    }
  }

  #isBusy(): boolean {
    const { QUEUE_HIGH_WATER_BYTES } = this.#config.limits;
    if (this.#flood.publishingBytes >= QUEUE_HIGH_WATER_BYTES) return true;
    for (const peer of this.#peers) if (peer.active.queue.bytes < QUEUE_HIGH_WATER_BYTES) return false;
    return this.#peers.size > 0;
  }

  #notePause(session: Session): void {
    if (session.isPaused) this.#paused.add(session);
  }

  /** Lets sessions read on whose lanes have room again; that may fill and settle others, so it goes on until nothing moves. */
  #resumePaused(): void {
    for (const session of Array.from(this.#paused)) {
      if (session.isPaused) continue;
      this.#paused.delete(session);
      session.resume();
      this.#notePause(session);
      if (!session.isPaused) this.#outputs.push({ type: "resume", link: session.info.link });
    }
  }

  /** Whether a session should not be read: its lane is full, or the answers it owes fill its queue. */
  #isCongested(session: Session): boolean {
    const slot = this.#life.peerOf(session)?.slot ?? -1;
    // r[session.isolated] mutate: `session.queue.controlMemory` => `Math.max(...[...this.#peers].map((peer) => peer.active.queue.bytes))`
    return this.#flood.isCongested(slot) || session.queue.controlMemory >= this.#config.limits.QUEUE_BYTES;
  }

  #sessionOwner(): SessionOwner {
    const flood = this.#flood;
    return {
      admit: (session) => this.#life.admit(session),
      ready: (session) => this.#life.ready(session),
      carried: (session) => this.#life.carried(session),
      ended: (session, end) => {
        this.#life.ended(session, end);
        this.#tellDrained();
      },
      broadcast: (session, buffer, start, end, tag) => {
        const peer = this.#life.peerOf(session);
        if (peer !== undefined) flood.receive(peer.slot, buffer, start, end, tag);
      },
      isSettled: (session) => flood.isSettled(this.#life.peerOf(session)?.slot ?? -1),
      afterSettled: (session, bytes, action) =>
        flood.afterSettled(this.#life.peerOf(session)?.slot ?? -1, bytes, action),
      isCongested: (session) => this.#isCongested(session),
      writable: (session) => this.#outputs.pushWrite(session.info.link),
      endDirection: (session) => this.#outputs.push({ type: "end", link: session.info.link }),
      disconnect: (session) => this.#disconnect(session),
    };
  }

  #floodOwner(): ConstructorParameters<typeof Flood>[1] {
    return {
      relay: (slot, payload, hops) => this.#sendBroadcast(slot, Priority.RELAY, payload, hops),
      // r[mesh.hops.origin] mutate: `payload, 0)` => `payload, 1)`
      publish: (slot, payload) => this.#sendBroadcast(slot, Priority.OWN, payload, 0),
      deliver: (delivery: Delivery) => {
        this.#emit(new Message(delivery, this.#config.network.signed));
      },
      penalize: (slot, points, badSignature) => this.#penalize(slot, points, badSignature),
      relieved: () => this.#resumePaused(),
    };
  }

  #sendBroadcast(slot: number, priority: Priority, payload: Uint8Array, hops: number): void {
    const session = this.#peers.at(slot)?.active;
    if (session === undefined) return;
    // r[mesh.queue.drop]
    if (session.queue.bytes >= this.#config.limits.QUEUE_BYTES) {
      this.#dropped++;
      return;
    }
    // r[mesh.relay.order] mutate: `priority, Command` => `(this.flip = !this.flip) ? 2 : 0, Command`
    session.send(priority, Command.BROADCAST, 0, hops, payload);
  }

  #penalize(slot: number, points: number, badSignature: boolean): void {
    const session = this.#peers.at(slot)?.active;
    if (session === undefined) return;
    const penalties = this.#penalties.get(session) ?? new Penalties(this.#config.limits);
    this.#penalties.set(session, penalties);
    const code = penalties.add(points, badSignature);
    if (code !== undefined) session.end(code, "too many penalties in this session");
  }

  #disconnect(session: Session): void {
    const { link } = session.info;
    this.#sessions.delete(link);
    this.#penalties.delete(session);
    this.#life.forget(session);
    this.#paused.delete(session);
    this.#outputs.push({ type: "close", link });
  }
}
