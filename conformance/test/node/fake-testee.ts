// A fake testee in the process of the tests: the operations of link/1 over sessions that are right but for named quirks.
// It shows that each step of the engine can pass and can fail; it is no implementation of the protocol.
import { randomBytes } from "node:crypto";
import * as golden from "../../src/golden/index.js";
import type { Bytes } from "../../src/golden/index.js";
import { StepFailure } from "../../src/node/step-failure.js";
import { EventQueue, type Reply, type TesteeEvent } from "../../src/link/index.js";
import { CarrierListener, dialCarrier, placeOf, type AcceptChange } from "../../src/node/carrier/index.js";
import { FakeSession } from "./fake-session.js";

type Members = Readonly<Record<string, unknown>>;

export class FakeTestee {
  readonly events = new EventQueue();
  readonly pid = process.pid;
  networkId: Bytes = new Uint8Array(32);
  /** First address in the record of the peer that came last. */
  told = "";
  readonly #seeds: Bytes[] = [];
  readonly #quirks: Set<string>;
  readonly #sessions: FakeSession[] = [];
  readonly #listeners: CarrierListener[] = [];
  readonly #seen = new Set<string>();
  #sequence = BigInt(Date.now()) * 1000n;
  #broadcasts = 0;
  #isClosed = false;
  readonly #hoard: Bytes[] = [];
  readonly #ticketKeys = randomBytes(48);

  constructor(quirks: readonly string[] = []) {
    this.#quirks = new Set(quirks);
  }

  has(quirk: string): boolean {
    return this.#quirks.has(quirk);
  }

  /** True at the first question only. */
  once(quirk: string): boolean {
    return this.#quirks.delete(quirk);
  }

  seedOf(node: number): Bytes {
    return this.#seeds[node - 1] ?? new Uint8Array(32);
  }

  emit(event: TesteeEvent): void {
    this.events.push(event);
  }

  async request(op: string, input: Members = {}): Promise<Reply> {
    if (this.has(`no-${op}`)) return { kind: "unsupported", feature: op };
    if (op === "node.start") return this.#start(input);
    if (op === "node.dial") return this.#dial(input);
    if (op === "node.broadcast") return this.#broadcast(input);
    if (op === "node.snapshot") return this.#snapshot();
    if (op === "node.stop") for (const session of this.#sessions) session.goodbye("CLOSED");
    return { kind: "ok", ok: {} };
  }

  close(): void {
    this.#isClosed = true;
    for (const session of this.#sessions) session.close();
    for (const listener of this.#listeners) listener.close();
  }

  /** A broadcast that came in: delivered and relayed once, but for quirks. */
  flood(from: FakeSession, payload: Bytes, tag: number): void {
    if (this.has("hoards")) this.#hoard.push(golden.filled(2 ** 23, 1));
    const key = golden.toHex(payload.slice(65, 105));
    const known = this.#seen.has(key);
    this.#seen.add(key);
    if (!known || this.has("deliver-twice")) this.#deliver(from, payload, tag);
    if (known && !this.has("relay-twice")) return;
    for (const session of this.#sessions) {
      if (session === from && !this.has("relay-back")) continue;
      if (session.up && !this.has("no-relay")) this.#relay(session, payload, tag);
    }
    this.#pressed(payload);
  }

  #relay(session: FakeSession, payload: Bytes, tag: number): void {
    this.#broadcasts++;
    if (this.has("drops-some") && this.#broadcasts % 3 === 0) return;
    const bytes = this.has("relay-changed") ? golden.flipped(payload, -1) : payload;
    session.send("BROADCAST", 0, this.has("same-tag") ? tag : tag + 1, bytes);
  }

  /** After some broadcasts the second peer counts as slow. */
  #pressed(payload: Bytes): void {
    const slow = this.#sessions[1];
    if (payload.length < 1000 || slow === undefined || !slow.up || this.#broadcasts < 40) return;
    if (!this.has("never-slow")) slow.goodbye("SLOW");
  }

  #deliver(from: FakeSession, payload: Bytes, hops: number): void {
    if (this.has("no-deliver")) return;
    const content = payload.slice(65);
    const { origin, sequence, channel, payload: bytes } = golden.parseContent(content);
    const id = golden.toHex(golden.messageIdOf(this.networkId, content));
    const text = golden.toHex(this.has("deliver-changed") ? golden.concat(bytes, bytes) : bytes);
    const head = { event: "delivered", node: from.node, id, origin: golden.toHex(origin) };
    this.emit({ ...head, sequence: `${sequence}`, channel, payload: text, hops, from: from.peer });
  }

  async #start(input: Members): Promise<Reply> {
    const descriptor = golden.fromHex(String(input["network"]));
    if ((descriptor[1] ?? 0) & 4) return { kind: "reject", code: this.has("other-code") ? "TRANSPORT" : "MISUSE" };
    const seed = golden.fromHex(String(input["seed"]));
    this.#seeds.push(seed);
    this.networkId = golden.networkIdOf(descriptor);
    const [address = ""] = input["listen"] as readonly string[];
    const listener = await CarrierListener.open(placeOf(address).scheme);
    const node = this.#listeners.push(listener);
    void this.#serve(listener, node);
    const nodeId = golden.toHex(golden.nodeIdOf(seed));
    return { kind: "ok", ok: { node, nodeId, addresses: [listener.address] } };
  }

  async #serve(listener: CarrierListener, node: number): Promise<void> {
    while (!this.#isClosed) await this.#accept(listener, node);
  }

  async #accept(listener: CarrierListener, node: number): Promise<void> {
    const change: AcceptChange = {
      ...(this.has("forbids") && { ws: { status: 403 } }),
      tls: { ticketKeys: this.#ticketKeys, ...(this.has("any-alpn") && { alpn: ["motet"] }) },
    };
    try {
      const made = await listener.accept(change, 1_000);
      if (!("carrier" in made)) return;
      if (this.has("deaf")) made.carrier.destroy();
      else this.#sessions.push(new FakeSession(this, node, 1, made.carrier));
    } catch (error) {
      // What the listener of the runner calls a failure, the fake refuses.
      if (!(error instanceof StepFailure)) throw error;
    }
  }

  async #dial(input: Members): Promise<Reply> {
    if (!this.has("never-dials")) void this.#reach(String(input["address"]), Number(input["node"]));
    return { kind: "ok", ok: {} };
  }

  async #reach(address: string, node: number): Promise<void> {
    const made = await dialCarrier(address, {}, 1_000);
    if ("carrier" in made) this.#sessions.push(new FakeSession(this, node, 0, made.carrier));
    else this.emit({ event: "refused", node, role: "initiator", by: "local", code: "UNREACHABLE" });
  }

  async #broadcast(input: Members): Promise<Reply> {
    const payload = golden.fromHex(String(input["payload"]));
    this.#broadcasts++;
    if (this.#broadcasts > 4 && this.has("gets-busy")) return { kind: "reject", code: "QUEUE_FULL" };
    this.#sequence += this.has("skips-sequences") ? 2n : 1n;
    const sequence = this.has("small-sequences") ? 1n : this.#sequence;
    const sentAt = BigInt(this.has("late-sent-at") ? 0 : Date.now());
    const channel = String(input["channel"]);
    const bytes = golden.buildBroadcast(this.seedOf(Number(input["node"])), this.networkId, {
      sequence,
      sentAt,
      channel,
      payload,
    });
    for (const session of this.#sessions) if (session.up) session.send("BROADCAST", 0, 0, bytes);
    const id = golden.toHex(golden.messageIdOf(this.networkId, bytes.slice(65)));
    return { kind: "ok", ok: { sequence: `${sequence}`, id } };
  }

  #snapshot(): Reply {
    if (this.has("late-delivery")) this.emit({ event: "peer.down", node: 1, peer: "00".repeat(32), code: "LOST" });
    const peers = this.#sessions.filter((session) => session.up).map((session) => session.peer);
    return { kind: "ok", ok: { peers: peers.toSorted(), known: 0 } };
  }
}
