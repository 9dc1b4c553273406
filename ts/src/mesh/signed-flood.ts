// Receiving in a signed network: the steps of section 4.5 in their order. A first copy is verified before it means
// anything; other copies of its pair wait for the outcome in the lanes of their peers.

import { readU16, readU32, isAt, SlabCopier } from "../bytes/index.js";
import { ContentOffset } from "../codec/index.js";
import { broadcastVerification, MessageHasher } from "../identity/index.js";
import type { VerdictName } from "../gen/registry.js";
import { Admission, retentionMs, tableSeed } from "./admission.js";
import type { FloodContext } from "./mesh-types.js";
import { Origins, type Sequence, type Standing } from "./origins.js";
import type { FloodPeer } from "./peer.js";
import type { PeerSet } from "./peer-set.js";
import { SignedCopy, type CopyOwner } from "./signed-copy.js";
import type { FloodOutcome } from "./outcome.js";

/** Verdict of the steps that need no verification; VERIFY is what passes them all. */
type Step = Exclude<VerdictName, "ACCEPT"> | "VERIFY";

/** A pair being verified: the copy that is, and the copies that wait for it. */
interface Pending {
  holder: SignedCopy;
  readonly waiting: SignedCopy[];
}

export class SignedFlood implements CopyOwner {
  readonly #context: FloodContext;
  readonly #peers: PeerSet;
  readonly #outcome: FloodOutcome;
  readonly #admission: Admission;
  readonly #hasher: MessageHasher;
  readonly #origins: Origins;
  readonly #pending = new Map<string, Pending>();
  /** Sequence of the copy that is being looked at: one object for all. */
  readonly #sequence: { high: number; low: number } = { high: 0, low: 0 };
  /** Bytes that wait for validation in all lanes. */
  pendingBytes = 0;
  readonly #copier = new SlabCopier();
  /** Unix ms. */
  now = 0;

  constructor(context: FloodContext, peers: PeerSet, outcome: FloodOutcome) {
    this.#context = context;
    this.#peers = peers;
    this.#outcome = outcome;
    this.#admission = new Admission(context);
    this.#hasher = new MessageHasher(context.hasher, context.network);
    this.#origins = new Origins(context.limits, retentionMs(context), tableSeed(context), context.nodeId);
  }

  get known(): number {
    return this.#origins.known;
  }

  /** Takes a copy; the view `bytes[start … end)` dies with the call. */
  receive(peer: FloodPeer, bytes: Uint8Array, start: number, end: number, hops: number): void {
    // r[mesh.hops.inform] mutate: `this.#judge(peer, bytes, start, end)` => `(hops > 1000 ? "IGNORE" : this.#judge(peer, bytes, start, end))`
    const step = this.#judge(peer, bytes, start, end);
    if (step === "VERIFY") this.#enter(peer, bytes, start, end, hops);
    else this.#settle(peer, step);
  }

  /** Remembers one of the node's own broadcasts and answers its entry among the recent ones. */
  acceptOwn(content: Uint8Array, now: number): number {
    this.#readSequence(content, 0);
    // r[mesh.own] mutate: `this.#origins.accept(content, 0, this.#sequence, 0, now)` => `this.#origins.find(content, 0)`
    const origin = this.#origins.accept(content, 0, this.#sequence, 0, now);
    return this.#peers.recent.add(origin, this.#sequence.high, this.#sequence.low);
  }

  /** Steps 1 to 10. */
  #judge(peer: FloodPeer, bytes: Uint8Array, start: number, end: number): Step {
    if (!this.#admission.hasHead(bytes, start, end)) return "REJECT";
    const content = start + this.#admission.contentOffset;
    const origin = this.#origins.find(bytes, content);
    this.#readSequence(bytes, content);
    const standing: Standing = origin < 0 ? "new" : this.#origins.standing(origin, this.#sequence);
    if (standing === "accepted") return this.#duplicate(peer, origin, this.#sequence);
    if (!this.#admission.isValid(bytes, content, end)) return "REJECT";
    // r[mesh.fresh]
    if (!this.#admission.isFresh(bytes, content, this.now)) return "IGNORE";
    if (standing === "old") return this.#tooLow(peer, origin, bytes, content);
    const isPeer = origin < 0 && isAt(bytes, content, peer.nodeId);
    if (origin < 0 && !this.#hasPlace(isPeer, peer)) return "IGNORE";
    return "VERIFY";
  }

  /** Steps 8 to 10: an unknown origin may become known. */
  #hasPlace(isPeer: boolean, { introduction, introduced }: FloodPeer): boolean {
    if (!this.#origins.hasPlace(isPeer, introduction, this.now)) return false;
    // r[mesh.origins.rate]
    if (!isPeer && introduced.isFull(this.now)) return false;
    return true;
  }

  /** A sequence below the window: who has lost count of its own is told. */
  #tooLow(peer: FloodPeer, origin: number, bytes: Uint8Array, content: number): "IGNORE" {
    // r[stale.send]
    if (isAt(bytes, content, peer.nodeId)) this.#peers.tellStale(peer, this.#origins.highest(origin));
    return "IGNORE";
  }

  #readSequence(bytes: Uint8Array, content: number): void {
    this.#sequence.high = readU32(bytes, content + ContentOffset.SEQUENCE);
    this.#sequence.low = readU32(bytes, content + ContentOffset.SEQUENCE + 4);
  }

  #duplicate(peer: FloodPeer, origin: number, { high, low }: Sequence): "DUPLICATE" {
    if (this.#peers.isRepeat(peer, this.#peers.recent.find(origin, high, low))) this.#outcome.repeated(peer);
    return "DUPLICATE";
  }

  #settle(peer: FloodPeer, verdict: Exclude<VerdictName, "ACCEPT">): void {
    if (verdict === "REJECT") return this.#outcome.rejected(peer);
    // r[mesh.ignore.blameless] mutate: `this.#outcome.dropped(peer, verdict)` => `this.#outcome.rejected(peer)`
    this.#outcome.dropped(peer, verdict);
  }

  /** Steps 11 and 12: the copy waits for another one, or is verified itself. */
  #enter(peer: FloodPeer, bytes: Uint8Array, start: number, end: number, hops: number): void {
    const key = pairKey(bytes, start + this.#admission.contentOffset);
    const pending = this.#pending.get(key);
    const shared =
      pending !== undefined && this.#context.hasher.equals(pending.holder.payload, bytes.subarray(start, end));
    const payload = shared ? pending.holder.payload : this.#copier.copy(bytes, start, end);
    const copy = new SignedCopy(this, peer, payload, hops, key);
    this.pendingBytes += copy.bytes;
    peer.lane.push(copy);
    // r[mesh.verify.wait] mutate: `pending.waiting.push(copy)` => `((copy.isDecided = true), (copy.run = () => undefined))`
    if (pending !== undefined) pending.waiting.push(copy);
    else this.#hold(copy, []);
  }

  /** Makes a copy the one that decides its pair. */
  #hold(copy: SignedCopy, waiting: SignedCopy[]): void {
    this.#pending.set(copy.key, { holder: copy, waiting });
    copy.isHolder = true;
    this.#verify(copy, (valid) => {
      // r[mesh.signature] mutate: `= valid` => `= true`
      copy.isValid = valid;
      copy.isDecided = true;
      copy.peer.lane.drain();
      this.#outcome.relieved(copy.peer);
    });
  }

  #verify(copy: SignedCopy, done: (valid: boolean) => void): void {
    const { payload } = copy;
    const start = this.#admission.contentOffset;
    copy.id = this.#hasher.idOf(payload, start, payload.length);
    const request = broadcastVerification(payload.subarray(start, start + 32), copy.id, payload.subarray(1, start));
    if (request === undefined) done(false);
    else this.#context.signatures.verify(request, done);
  }

  /** The turn of a copy in its lane. */
  takeTurn(copy: SignedCopy): void {
    copy.peer.isRival = copy.isFromRival;
    this.#finish(copy);
    copy.peer.isRival = false;
    if (copy.isDecided) this.pendingBytes -= copy.bytes;
  }

  #finish(copy: SignedCopy): void {
    const pending = copy.isHolder ? this.#pending.get(copy.key) : undefined;
    if (pending === undefined) this.#judgeAgain(copy);
    else if (copy.isValid) this.#finishValid(copy, pending);
    else this.#finishInvalid(copy, pending);
  }

  /** A copy that has waited takes the steps again. */
  #judgeAgain(copy: SignedCopy): void {
    const step = this.#judge(copy.peer, copy.payload, 0, copy.payload.length);
    if (step !== "VERIFY") return this.#settle(copy.peer, step);
    copy.isDecided = false;
    const pending = this.#pending.get(copy.key);
    if (pending?.holder.peer.lane.isNext(pending.holder) === true) pending.waiting.push(copy);
    else this.#takeOver(copy, pending);
  }

  /**
   * Makes a copy at the head of its lane the one that decides its pair. A holder that came later may stand behind a copy
   * that waits for this very lane: to wait for it would be to wait for ever.
   */
  #takeOver(copy: SignedCopy, pending: Pending | undefined): void {
    if (pending !== undefined) pending.holder.isHolder = false;
    this.#hold(copy, pending === undefined ? [] : [pending.holder, ...pending.waiting]);
    // The bytes of a signature may have decided it already.
    if (copy.isDecided) this.#finish(copy);
  }

  #finishInvalid(copy: SignedCopy, { waiting }: Pending): void {
    // r[mesh.reject.forget]
    this.#pending.delete(copy.key);
    this.#outcome.rejectedSignature(copy.peer);
    const next = waiting.shift();
    // r[mesh.verify.again]
    if (next !== undefined) this.#hold(next, waiting);
  }

  #finishValid(copy: SignedCopy, { waiting }: Pending): void {
    this.#pending.delete(copy.key);
    const step = this.#judge(copy.peer, copy.payload, 0, copy.payload.length);
    // r[mesh.accept.again] mutate: `step === "VERIFY"` => `true`
    if (step === "VERIFY") this.#accept(copy, waiting);
    else this.#settle(copy.peer, step);
    for (const other of waiting) {
      other.isDecided = true;
      other.peer.lane.drain();
      this.#outcome.relieved(other.peer);
    }
  }

  #accept({ peer, payload, hops, id }: SignedCopy, waiting: readonly SignedCopy[]): void {
    const start = this.#admission.contentOffset;
    this.#readSequence(payload, start);
    const { high, low } = this.#sequence;
    const introduction = isAt(payload, start, peer.nodeId) ? 0 : peer.introduction;
    const knownBefore = this.#origins.known;
    const origin = this.#origins.accept(payload, start, this.#sequence, introduction, this.now);
    if (introduction !== 0 && this.#origins.known > knownBefore) peer.introduced.note(this.now);
    this.#peers.accepted(payload, start);
    const entry = this.#peers.recent.add(origin, high, low);
    if (peer.isHere) this.#peers.recent.setFrom(entry, peer.slot);
    if (this.#outcome.accepted(peer, payload, start, hops, id)) this.#peers.relay(payload, hops, entry, waiting);
  }
}

/** A pair as the key of a map: its 40 bytes as 20 characters, in two halves, since spreading an array costs seven times as much. */
function pairKey(bytes: Uint8Array, content: number): string {
  return halfKey(bytes, content) + halfKey(bytes, content + 20);
}

function halfKey(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(
    readU16(bytes, at),
    readU16(bytes, at + 2),
    readU16(bytes, at + 4),
    readU16(bytes, at + 6),
    readU16(bytes, at + 8),
    readU16(bytes, at + 10),
    readU16(bytes, at + 12),
    readU16(bytes, at + 14),
    readU16(bytes, at + 16),
    readU16(bytes, at + 18),
  );
}
