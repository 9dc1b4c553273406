// One connection of the fake testee: just enough of the protocol to be friendly, and a quirk to be wrong in one way.
// A fixture of the engine's tests; verifies nothing of what peers prove.
import type { Socket } from "node:net";
import * as golden from "../../src/golden/index.js";
import type { Bytes, Frame } from "../../src/golden/index.js";
import type { FakeTestee } from "./fake-testee.js";

const { commandOf, PREFACE_V1, REQUEST, RESPONSE, FAILED } = golden;

export class FakeSession {
  readonly fake: FakeTestee;
  readonly node: number;
  readonly role: 0 | 1;
  peer = "";
  up = false;
  readonly #socket: Socket;
  readonly #frames = new golden.FrameReader({ strict: false });
  #head: Bytes = new Uint8Array();
  #mine: Bytes = new Uint8Array();
  #theirs: Bytes = new Uint8Array();
  #ended = false;
  #hasPreface = false;

  constructor(fake: FakeTestee, node: number, role: 0 | 1, socket: Socket) {
    this.fake = fake;
    this.node = node;
    this.role = role;
    this.#socket = socket;
    socket.on("data", (chunk: Buffer) => this.#receive(chunk));
    socket.on("end", () => this.#lost());
    socket.on("error", () => this.#lost());
    if (role === 0 || fake.once("speaks-first")) socket.write(this.#preface());
    if (role === 0) this.#hello();
  }

  send(command: string | number, flags = 0, tag = 0, payload: Bytes = new Uint8Array()): void {
    const number = typeof command === "number" ? command : commandOf(command);
    if (!this.#ended) this.#socket.write(golden.encodeFrame({ command: number, flags, tag, payload }));
  }

  goodbye(code: string): void {
    const named = this.fake.has("other-code") ? "TRANSPORT" : code;
    this.send("GOODBYE", 0, 0, golden.layMessage("Goodbye", { code: golden.errorNumberOf(named), text: "" }));
    if (this.fake.has("frame-after-goodbye")) this.send("PING", REQUEST, 9);
    if (!this.fake.has("never-ends")) this.#socket.end();
    this.#ended = true;
    this.#down(code);
  }

  close(): void {
    this.#socket.destroy();
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
    if (this.fake.has("answers-scanners")) this.#socket.write("hello?");
    this.#socket.end();
    this.#ended = true;
    this.fake.emit({ event: "refused", node: this.node, role: "responder", by: "local", code: "NOT_MOTET" });
  }

  #take(frame: Frame): void {
    const name = golden.commandName(frame.command);
    if (name === "HELLO") this.#onHello(frame);
    else if (name === "PROOF") this.#onProof();
    else if (name === "GOODBYE") this.#onGoodbye(frame);
    else this.#onOther(name, frame);
  }

  #onHello({ payload }: Frame): void {
    this.#theirs = payload;
    const { networkId, record } = golden.decodeMessage("Hello", payload);
    this.peer = golden.toHex((record as Bytes).slice(0, 32));
    if (this.role === 1) this.#socket.write(this.#preface());
    if (golden.toHex(networkId as Bytes) !== golden.toHex(this.fake.networkId)) return this.goodbye("WRONG_NETWORK");
    if (this.role === 0) return;
    this.#hello();
    this.#proof();
  }

  #onProof(): void {
    if (this.role === 0) return this.#proof();
    this.#ready();
    if (!this.fake.has("no-first-ping")) this.send("PING", REQUEST, 77);
  }

  #onGoodbye({ payload }: Frame): void {
    const code = golden.errorNameOf(Number(golden.decodeMessage("Goodbye", payload)["code"])) ?? "";
    if (this.fake.has("goodbye-back")) this.send("GOODBYE", 0, 0, payload);
    this.#socket.end();
    this.#ended = true;
    this.#down(code);
  }

  #onOther(name: string | undefined, { command, flags, tag, payload }: Frame): void {
    if (this.role === 0) this.#ready();
    if (name === "BROADCAST") return this.fake.flood(this, payload, tag);
    if (name === "PING" && flags === 0) return this.goodbye("PROTOCOL_ERROR");
    if (flags & RESPONSE) return;
    if ((flags & REQUEST) === 0) return this.fake.has("answers-oneway") ? this.send(command, RESPONSE, 1) : undefined;
    if (name === "PING") return this.fake.has("no-pong") ? undefined : this.send("PING", RESPONSE, tag);
    const code = this.fake.has("other-code") ? 402 : 401;
    this.send(command, RESPONSE | FAILED, tag, golden.layMessage("Error", { code }));
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
    this.#mine = golden.layMessage("Hello", { networkId, nonce, record, receiveLimit });
    this.send("HELLO", 0, 0, this.#mine);
  }

  #proof(): void {
    const [initiatorHello, responderHello] = this.role === 0 ? [this.#mine, this.#theirs] : [this.#theirs, this.#mine];
    const prefaces = { initiatorPreface: PREFACE_V1, responderPreface: PREFACE_V1 };
    const role = this.fake.has("bad-proof") ? 1 - this.role : this.role;
    const binding = golden.filled(32);
    const digest = golden.proofDigest({ role, ...prefaces, initiatorHello, responderHello, bindingKind: 0, binding });
    const signature = golden.sign(this.fake.seedOf(this.node), "motet/1 proof", digest);
    this.send("PROOF", 0, 0, golden.layMessage("Proof", { bindingKind: 0, signature }));
  }

  #down(code: string): void {
    const reported = this.fake.has("other-code") ? "TRANSPORT" : code;
    if (this.up) this.fake.emit({ event: "peer.down", node: this.node, peer: this.peer, code: reported });
    this.up = false;
  }

  #lost(): void {
    if (!this.fake.has("never-ends")) this.#socket.end();
    this.#down("LOST");
  }
}
