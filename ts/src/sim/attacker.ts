// A participant that does not keep the rules. It proves who it is, since without that nobody hears it, and sends what the attacks
// of chapter 4 need; when it is thrown out it comes back for as long as it is let in.

import { concatBytes, encodeUtf8, writeU64 } from "../bytes/index.js";
import { broadcastSignatureBytes, ContentOffset, encodeContent, encodeMessage } from "../codec/index.js";
import { Flag } from "../framing/index.js";
import { Command } from "../gen/registry.js";
import { broadcastMessage, MessageHasher } from "../identity/index.js";
import type { End, Participant } from "./connection.js";
import { fakeSign } from "./fake-signatures.js";
import type { Prng } from "./prng.js";
import { RawSession, recordOf, type RawFrames, type RawIdentity } from "./raw-session.js";
import type { AttackName } from "./scenario.js";

const contentStart = 1 + broadcastSignatureBytes;
/** Records in one answer to PEERS. */
const forgedRecords = 8;
/** Broadcasts of one attack that comes at once. */
const volley = 6;

export interface AttackerOptions {
  readonly index: number;
  readonly identity: RawIdentity;
  readonly random: Prng;
  readonly newId: () => Uint8Array;
  /** Unix ms. */
  readonly now: () => number;
  /** A session is over: dial again, or not. */
  readonly lost: (end: End) => void;
  /** It sends a broadcast payload. */
  readonly sent: (payload: Uint8Array) => void;
  /** Addresses of honest nodes, for records that lie. */
  readonly honestIds: () => readonly Uint8Array[];
}

export class Attacker implements Participant, RawFrames {
  readonly index: number;
  readonly #options: AttackerOptions;
  readonly #sessions = new Map<End, RawSession>();
  readonly #hasher: MessageHasher;
  /** Attacks that go on. */
  readonly #active = new Set<AttackName>();
  #sequence: bigint;

  constructor(options: AttackerOptions) {
    this.index = options.index;
    this.#options = options;
    this.#hasher = new MessageHasher(options.identity.hasher, options.identity.network);
    this.#sequence = BigInt(options.now()) * 1000n;
  }

  opened(end: End): void {
    const { identity, random, now } = this.#options;
    this.#sessions.set(end, new RawSession(end, identity, this, random.bytes(32), now()));
  }

  receive(end: End, chunk: Uint8Array): boolean {
    this.#sessions.get(end)?.receive(chunk);
    return true;
  }

  otherSideEnded(end: End): void {
    end.close();
    this.closed(end);
  }

  closed(end: End): void {
    if (this.#sessions.delete(end)) this.#options.lost(end);
  }

  drained(): void {
    // An attacker does not care whether anybody reads.
  }

  /** Begins an attack. */
  begin(name: AttackName): void {
    this.#active.add(name);
    if (name === "equivocate") this.#equivocate();
    else if (name === "stale") this.#sendStale();
    else if (name === "garbage") this.#sendGarbage();
    else if (name === "fresh-keys") this.#sendFreshKeys();
  }

  /** Leaves an attack alone. */
  end(name: AttackName): void {
    this.#active.delete(name);
  }

  broadcast(_: RawSession, payload: Uint8Array): void {
    if (this.#active.has("squat")) {
      this.#sendToAll(forged(payload, 0n));
      this.#sendToAll(forged(payload, 1n));
    }
    if (this.#active.has("bad-signature")) this.#sendToAll(forged(payload, 0n, "signature"));
    if (this.#active.has("repeat")) for (let copy = 0; copy < 4; copy++) this.#sendToAll(payload);
  }

  peersAsked(session: RawSession, tag: number): void {
    const { random, identity, newId, now, honestIds } = this.#options;
    const records = Array.from({ length: forgedRecords }, (_, i) => {
      const address = [`tls://203.0.113.${1 + random.below(250)}:${1024 + random.below(60_000)}`];
      if (i % 2 === 0) return recordOf({ ...identity, nodeId: newId() }, address, now());
      // Another node's id, with a signature that is not its own.
      const record = recordOf({ ...identity, nodeId: random.pick(honestIds()) }, address, now());
      record[record.length - 40] = (record[record.length - 40] as number) ^ 1;
      return record;
    });
    session.send(Command.PEERS, Flag.RESPONSE, tag, encodeMessage("PeersAnswer", { records }));
  }

  get #ready(): RawSession[] {
    return [...this.#sessions.values()].filter((session) => session.isReady);
  }

  #sendToAll(payload: Uint8Array): void {
    for (const session of this.#ready) this.#send(session, payload);
  }

  #send(session: RawSession, payload: Uint8Array): void {
    this.#options.sent(payload);
    session.send(Command.BROADCAST, 0, 0, payload);
  }

  /** A broadcast that is right in every way. */
  #make(origin: Uint8Array, sequence: bigint, text: string): Uint8Array {
    const head = { origin, sequence, sentAt: BigInt(this.#options.now()), channel: encodeUtf8("attack") };
    const content = encodeContent({ ...head, payload: encodeUtf8(text) }, 4096);
    const signature = fakeSign(origin, broadcastMessage(this.#hasher.idOf(content, 0, content.length)));
    return concatBytes(Uint8Array.of(signature.length), signature, content);
  }

  #equivocate(): void {
    const { nodeId } = this.#options.identity;
    for (let i = 0; i < volley; i++) {
      this.#sequence++;
      this.#ready.forEach((session, side) => this.#send(session, this.#make(nodeId, this.#sequence, `face ${side}`)));
    }
  }

  /** One far ahead, then others below its window. */
  #sendStale(): void {
    const { nodeId } = this.#options.identity;
    this.#sequence += 5000n;
    this.#sendToAll(this.#make(nodeId, this.#sequence, "high"));
    for (let i = 0n; i < volley; i++) this.#sendToAll(this.#make(nodeId, this.#sequence - 2000n - i, "stale"));
  }

  #sendFreshKeys(): void {
    const { newId } = this.#options;
    for (let i = 0; i < volley; i++) this.#sendToAll(this.#make(newId(), 1n, "fresh"));
  }

  #sendGarbage(): void {
    const { random } = this.#options;
    for (const session of this.#ready) {
      const kind = random.below(3);
      const bytes = random.bytes(1 + random.below(300));
      if (kind === 0) session.end.write(bytes, 0);
      else if (kind === 1) session.send(Command.BROADCAST, 0, 0, bytes);
      else session.send(random.pick([Command.HELLO, Command.PROOF, Command.LOCATE, Command.UPDATE]), 0, 0, bytes);
    }
  }
}

/** A broadcast in another's name that its origin has not signed. */
function forged(payload: Uint8Array, ahead: bigint, part: "content" | "signature" = "content"): Uint8Array {
  const copy = payload.slice();
  const place = part === "signature" ? 5 : copy.length - 1;
  copy[place] = (copy[place] as number) ^ 1;
  if (ahead > 0n) {
    const at = contentStart + ContentOffset.SEQUENCE;
    const { buffer, byteOffset } = copy;
    writeU64(copy, at, new DataView(buffer, byteOffset).getBigUint64(at) + ahead);
  }
  return copy;
}
