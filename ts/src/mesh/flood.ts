// Flooding of one node: chapter 4. Copies and peers in; relays, deliveries and blame out through the owner. Knows peers by
// slot, never connections, and does no I/O: verifying and signing are requests that somebody else completes.

import type { FloodContext, FloodOwner, VerdictCounts } from "./mesh-types.js";
import { FloodOutcome } from "./outcome.js";
import { PeerSet } from "./peer-set.js";
import { Publisher, type Receipt } from "./publisher.js";
import { entryOverheadBytes } from "./signed-copy.js";
import { SignedFlood } from "./signed-flood.js";
import { UnsignedFlood } from "./unsigned-flood.js";

export class Flood {
  readonly #context: FloodContext;
  readonly #peers: PeerSet;
  readonly #outcome: FloodOutcome;
  readonly #publisher: Publisher;
  readonly #signed: SignedFlood | undefined;
  readonly #unsigned: UnsignedFlood | undefined;

  /** @param lastSequence the last sequence of an earlier run, 0 for none. */
  constructor(context: FloodContext, owner: FloodOwner, lastSequence: bigint) {
    this.#context = context;
    this.#peers = new PeerSet(context, owner);
    this.#outcome = new FloodOutcome(context, owner);
    this.#publisher = new Publisher(context, lastSequence);
    if (context.network.signed) this.#signed = new SignedFlood(context, this.#peers, this.#outcome);
    else this.#unsigned = new UnsignedFlood(context, this.#peers, this.#outcome);
  }

  /** Counts of verdicts since the start. */
  get counts(): Readonly<VerdictCounts> {
    return this.#outcome.counts;
  }

  /** Origins, or ids in an unsigned network, that are remembered. */
  get known(): number {
    return (this.#signed ?? this.#unsigned)?.known ?? 0;
  }

  /** Bytes of own broadcasts that wait for their signature. */
  get publishingBytes(): number {
    return this.#publisher.pendingBytes;
  }

  /** Adds a peer in a slot below SESSIONS. */
  join(slot: number, nodeId: Uint8Array): void {
    this.#peers.join(slot, nodeId);
  }

  /** A peer goes on in another session. */
  renew(slot: number): void {
    this.#peers.renew(slot);
  }

  leave(slot: number): void {
    this.#peers.leave(slot);
  }

  /** Takes a copy from a peer; the view `bytes[start … end)` dies with the call. */
  receive(slot: number, bytes: Uint8Array, start: number, end: number, hops: number): void {
    const peer = this.#peers.at(slot);
    if (peer === undefined) return;
    if (this.#signed !== undefined) this.#signed.receive(peer, bytes, start, end, hops);
    else this.#unsigned?.receive(peer, bytes, start, end, hops);
  }

  /** Runs an action, such as `receive`, for what has come in a session that has lost to another one of its peer. */
  asRival(slot: number, run: () => void): void {
    const peer = this.#peers.at(slot);
    if (peer === undefined) return;
    peer.isRival = true;
    run();
    peer.isRival = false;
  }

  /**
   * Makes a broadcast and sends it to all peers. `payload` is copied.
   * @param check is called once the broadcast is known to be a right one; what it throws leaves nothing behind.
   * @throws {ProtocolError} MISUSE, TOO_LARGE
   */
  publish(channel: string, payload: Uint8Array, now: number, check: () => void = () => undefined): Receipt {
    return this.#publisher.publish(channel, payload, now, {
      check,
      made: (content, id) => this.#acceptOwn(content, id, now),
      release: (finished) => this.#peers.publish(finished),
    });
  }

  /** Runs an action when every broadcast made so far was handed to the queues of the peers. */
  afterPublished(run: () => void): void {
    this.#publisher.afterReleased(run);
  }

  #acceptOwn(content: Uint8Array, id: Uint8Array, now: number): void {
    if (this.#signed !== undefined) this.#signed.acceptOwn(content, now);
    else this.#unsigned?.acceptOwn(id, now);
  }

  /** Whether nothing of a peer waits for a verification. */
  isSettled(slot: number): boolean {
    return (this.#peers.at(slot)?.lane.length ?? 0) === 0;
  }

  /** Runs an action when everything that came from a peer before has taken effect. `bytes` is what it keeps in memory. */
  afterSettled(slot: number, bytes: number, run: () => void): void {
    const lane = this.#peers.at(slot)?.lane;
    if (lane === undefined || lane.length === 0) run();
    else lane.push({ isDecided: true, bytes: entryOverheadBytes + bytes, run });
  }

  /** Whether a peer should not be read from for now: r[mesh.lane.full], r[mesh.copies.rate]. */
  isCongested(slot: number): boolean {
    const peer = this.#peers.at(slot);
    if (peer === undefined) return false;
    const { VERIFYING_PER_LINK, PENDING_PER_LINK_BYTES, PENDING_BYTES } = this.#context.limits;
    // r[mesh.copies.rate] also
    if (peer.copies.isFull(this.#outcome.now, peer.lane.length)) return true;
    return (
      peer.lane.length >= VERIFYING_PER_LINK ||
      peer.lane.bytes >= PENDING_PER_LINK_BYTES ||
      (this.#signed?.pendingBytes ?? 0) >= PENDING_BYTES
    );
  }

  /** When `wake` is due, unix ms: peers that were not read may be read on. */
  get deadline(): number {
    return this.#peers.deadline;
  }

  wake(now: number): void {
    this.#peers.wake(now);
  }

  /** STALE_SEQUENCE has come: answers whether the sequence was changed; `undefined` when it tells nothing new. */
  receiveStale(highest: bigint, now: number): boolean | undefined {
    return this.#signed === undefined ? undefined : this.#publisher.receiveStale(highest, now);
  }

  /** Tells the time, unix ms: to be called before inputs. */
  setNow(now: number): void {
    this.#outcome.now = now;
    if (this.#signed !== undefined) this.#signed.now = now;
    else if (this.#unsigned !== undefined) this.#unsigned.now = now;
  }
}
