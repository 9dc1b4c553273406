// One connection of the fake testee: just enough of the protocol to be friendly, and a quirk to be wrong in one way.
// A fixture of the engine's tests; of what peers prove it verifies the signature alone.
import * as golden from "../../src/golden/index.js";
import type { Bytes, Frame } from "../../src/golden/index.js";
import { bindingOf, commonKind, kindsOfFacts } from "../../src/node/binding.js";
import { WebSocketCarrier, type Carrier } from "../../src/node/carrier/index.js";
import type { FakeTestee } from "./fake-testee.js";

const { commandOf, PREFACE_V1, REQUEST, RESPONSE, FAILED } = golden;

export class FakeSession {
  readonly fake: FakeTestee;
  readonly node: number;
  readonly role: 0 | 1;
  peer = "";
  up = false;
  readonly #carrier: Carrier;
  readonly #frames = new golden.FrameReader({ strict: false });
  #head: Bytes = new Uint8Array();
  #mine: Bytes = new Uint8Array();
  #theirs: Bytes = new Uint8Array();
  #record: Bytes = new Uint8Array();
  #ended = false;
  #hasPreface = false;

  constructor(fake: FakeTestee, node: number, role: 0 | 1, carrier: Carrier) {
    this.fake = fake;
    this.node = node;
    this.role = role;
    this.#carrier = carrier;
    carrier.start({
      data: (chunk) => this.#receive(chunk),
      end: () => this.#lost(),
      reset: () => this.#lost(),
      broken: () => this.#carrier.end(),
      closed: () => undefined,
    });
    if (role === 0 || fake.once("speaks-first")) carrier.write(this.#preface());
    if (role === 0) this.#hello();
  }

  send(command: string | number, flags = 0, tag = 0, payload: Bytes = new Uint8Array()): void {
    const number = typeof command === "number" ? command : commandOf(command);
    if (this.#ended) return;
    const frame = golden.encodeFrame({ command: number, flags, tag, payload });
    const carrier = this.#carrier;
    if (this.fake.has("long-messages") && carrier instanceof WebSocketCarrier)
      return carrier.writeFrame(golden.WS.binary, frame);
    carrier.write(frame);
  }

  goodbye(code: string): void {
    const named = this.fake.has("other-code") ? "TRANSPORT" : code;
    this.send("GOODBYE", 0, 0, golden.layMessage("Goodbye", { code: golden.errorNumberOf(named), text: "" }));
    if (this.fake.has("frame-after-goodbye")) this.send("PING", REQUEST, 9);
    const ends = this.#carrier.hasHalfClose ? !this.fake.has("never-ends") : this.fake.has("ends-early");
    if (ends) this.#carrier.end();
    this.#ended = true;
    if (!this.up) this.#refused("local", code);
    this.#down(code);
  }

  close(): void {
    this.#carrier.destroy();
  }

  #preface(): Bytes {
    return this.fake.has("bad-preface") ? golden.encodePreface({ lowest: 1, highest: 2 }) : PREFACE_V1;
  }

  #receive(chunk: Bytes): void {
    if (this.#ended) return;
    if (this.#hasPreface) return this.#cut(chunk);
    this.#head = golden.concat(this.#head, chunk);
    if (this.#head[0] !== PREFACE_V1[0]) return this.#scanner();
    if (this.#head.length < 8) return;
    this.#hasPreface = true;
    this.#cut(this.#head.slice(8));
  }

  #cut(chunk: Bytes): void {
    for (const frame of this.#frames.push(chunk)) this.#take(frame);
  }

  #scanner(): void {
    if (this.fake.has("answers-scanners")) this.#carrier.write(golden.utf8("hello?"));
    this.#carrier.end();
    this.#ended = true;
    this.fake.emit({ event: "refused", node: this.node, role: "responder", by: "local", code: "NOT_MOTET" });
  }

  #take(frame: Frame): void {
    const name = golden.commandName(frame.command);
    if (name === "HELLO") this.#onHello(frame);
    else if (name === "PROOF") this.#onProof(frame);
    else if (name === "GOODBYE") this.#onGoodbye(frame);
    else this.#onOther(name, frame);
  }

  #onHello({ payload }: Frame): void {
    this.#theirs = payload;
    const { networkId, record } = golden.decodeMessage("Hello", payload);
    this.peer = golden.toHex((record as Bytes).slice(0, 32));
    this.#record = record as Bytes;
    const { addresses } = golden.decodeMessage("PeerRecordBody", this.#record.slice(56, -64));
    this.fake.told = (addresses as readonly string[])[0] ?? this.fake.told;
    if (this.role === 1) this.#carrier.write(this.#preface());
    if (this.#carrier.facts.resumed === true && !this.fake.has("takes-resumed")) return this.goodbye("BINDING");
    if (golden.toHex(networkId as Bytes) !== golden.toHex(this.fake.networkId)) return this.goodbye("WRONG_NETWORK");
    if (this.role === 0) return;
    this.#hello();
    this.#proof();
  }

  #onProof({ payload }: Frame): void {
    if (!this.fake.has("trusts") && !this.#isRight(payload)) return this.goodbye("BAD_PROOF");
    if (this.role === 0) return this.#proof();
    this.#ready();
    if (!this.fake.has("no-first-ping")) this.send("PING", REQUEST, 77);
  }

  #onGoodbye({ payload }: Frame): void {
    const code = golden.errorNameOf(Number(golden.decodeMessage("Goodbye", payload)["code"])) ?? "";
    if (this.fake.has("goodbye-back")) this.send("GOODBYE", 0, 0, payload);
    if (!this.fake.has("never-ends")) this.#carrier.end();
    this.#ended = true;
    if (!this.up) this.#refused("remote", code);
    this.#down(code);
  }

  #onOther(name: string | undefined, { command, flags, tag, payload }: Frame): void {
    if (this.role === 0) this.#ready();
    if (name === "BROADCAST") return this.fake.flood(this, payload, tag);
    if (name === "PING" && flags === 0) return this.goodbye("PROTOCOL_ERROR");
    if (flags & RESPONSE) return;
    if ((flags & REQUEST) === 0) return this.fake.has("answers-oneway") ? this.send(command, RESPONSE, 1) : undefined;
    if (name === "PEERS") return this.#answerPeers(tag);
    if (name === "PING") return this.fake.has("no-pong") ? undefined : this.send("PING", RESPONSE, tag);
    const code = this.fake.has("other-code") ? 402 : 401;
    this.send(command, RESPONSE | FAILED, tag, golden.layMessage("Error", { code }));
  }

  /** The only record that it knows is the asker's. */
  #answerPeers(tag: number): void {
    const record = this.fake.has("flips-records") ? golden.flipped(this.#record, -1) : this.#record;
    const records = this.fake.has("no-records") ? [] : [record];
    this.send("PEERS", RESPONSE, tag, golden.layMessage("PeersAnswer", { records }));
  }

  #ready(): void {
    if (this.up) return;
    this.up = true;
    if (!this.fake.has("no-peer-up")) this.fake.emit({ event: "peer.up", node: this.node, peer: this.peer });
  }

  #hello(): void {
    const { networkId } = this.fake;
    const seed = this.fake.seedOf(this.node);
    const times = { issued: BigInt(Date.now()), expires: BigInt(Date.now() + 1000), incarnation: 1n };
    const nonce = this.fake.has("same-nonce")
      ? golden.sha256(networkId)
      : golden.sha256(golden.uint(Math.floor(Math.random() * 2 ** 48), 6));
    const record = golden.buildRecord({ seed, networkId, ...times });
    const receiveLimit = this.fake.has("low-limit") ? 5000 : 2 ** 20;
    const bindingKinds = this.fake.has("lists-nothing") ? [] : kindsOfFacts(this.#carrier.facts);
    this.#mine = golden.layMessage("Hello", { networkId, nonce, record, receiveLimit, bindingKinds });
    this.send("HELLO", 0, 0, this.#mine);
  }

  #proof(): void {
    const role = this.fake.has("bad-proof") ? 1 - this.role : this.role;
    const bindingKind = commonKind(this.#mine, this.#theirs);
    const signature = golden.sign(this.fake.seedOf(this.node), "motet/1 proof", this.#digest(role, bindingKind));
    this.send("PROOF", 0, 0, golden.layMessage("Proof", { bindingKind, signature }));
  }

  #digest(role: number, bindingKind: number): Bytes {
    const [initiatorHello, responderHello] = this.role === 0 ? [this.#mine, this.#theirs] : [this.#theirs, this.#mine];
    const prefaces = { initiatorPreface: PREFACE_V1, responderPreface: PREFACE_V1 };
    const binding = bindingOf(bindingKind, this.#carrier.facts, this.fake.has("binds-nothing") ? "zero" : undefined);
    return golden.proofDigest({ role, ...prefaces, initiatorHello, responderHello, bindingKind, binding });
  }

  #isRight(payload: Bytes): boolean {
    const { bindingKind, signature } = golden.decodeMessage("Proof", payload);
    const digest = this.#digest(1 - this.role, Number(bindingKind));
    try {
      golden.verify("motet/1 proof", digest, golden.fromHex(this.peer), signature as Bytes);
      return true;
    } catch {
      return false;
    }
  }

  #refused(by: string, code: string): void {
    const role = this.role === 0 ? "initiator" : "responder";
    this.fake.emit({ event: "refused", node: this.node, role, by, code });
  }

  #down(code: string): void {
    const reported = this.fake.has("other-code") ? "TRANSPORT" : code;
    if (this.up) this.fake.emit({ event: "peer.down", node: this.node, peer: this.peer, code: reported });
    this.up = false;
  }

  #lost(): void {
    if (!this.fake.has("never-ends")) this.#carrier.end();
    this.#down("LOST");
  }
}
