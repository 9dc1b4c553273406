// A peer made by hand on a socket, plain or of TLS: it does the handshake as the specification has it, and from then on whatever a
// test wants, which no well-behaved node would.

import { createConnection, type Socket } from "node:net";
import { connect as connectTls, type TLSSocket } from "node:tls";
import { concatBytes } from "../../src/bytes/index.js";
import { decodeMessage, encodeMessage } from "../../src/codec/index.js";
import { codeOfNumber } from "../../src/errors/index.js";
import { encodeFrame, encodePreface, FrameReader, prefaceBytes, spokenVersions } from "../../src/framing/index.js";
import { BindingKind, Command, type Code } from "../../src/gen/registry.js";
import {
  Domain,
  encodeRecordBody,
  networkOf,
  parseAddress,
  prepareRecord,
  signedMessage,
  type Network,
} from "../../src/identity/index.js";
import { createIdentity, hasher, random, signNow, type Identity } from "../../src/runtime/index.js";
import { proofDigest } from "../../src/session/index.js";

import type { SeenFrame } from "./pipe.js";

const preface = encodePreface(spokenVersions);
const minute = 60_000;

const exporterOf = (socket: TLSSocket): Uint8Array =>
  socket.exportKeyingMaterial(32, "EXPORTER-Channel-Binding", Buffer.alloc(0));

export class RawPeer {
  readonly socket: Socket;
  readonly identity: Identity = createIdentity();
  /** Frames that came, but for their payloads after the handshake. */
  readonly frames: SeenFrame[] = [];
  readonly #network: Network;
  readonly #reader = new FrameReader(0xffffff);
  readonly #waiting = new Set<() => void>();
  /** Binding kind and binding of its proof. */
  #binding: readonly [kind: number, value: Uint8Array] = [0, new Uint8Array(32)];
  readonly #incarnation = BigInt(Date.now());
  #prefaceLeft = prefaceBytes;
  /** Frames keep their payloads after the handshake too. */
  keepsPayloads = false;
  isClosed = false;

  private constructor(socket: Socket, descriptor: Uint8Array) {
    this.socket = socket;
    this.#network = networkOf(hasher, descriptor);
    socket.on("error", () => undefined);
    socket.on("data", (chunk) => this.#receive(chunk));
    socket.on("close", () => {
      this.isClosed = true;
      this.#look();
    });
  }

  /** Connects without a word. */
  static async connect(address: string, descriptor: Uint8Array): Promise<RawPeer> {
    const { scheme, host, port } = parseAddress(address);
    const isTls = scheme === "tls";
    const options = { host, port };
    const socket = isTls
      ? connectTls({ ...options, ALPNProtocols: ["motet"], rejectUnauthorized: false, minVersion: "TLSv1.3" })
      : createConnection(options);
    const peer = new RawPeer(socket, descriptor);
    await new Promise((resolve, reject) => {
      socket.once(isTls ? "secureConnect" : "connect", resolve);
      socket.once("error", reject);
    });
    if (isTls) peer.#binding = [BindingKind.EXPORTER, exporterOf(socket as TLSSocket)];
    return peer;
  }

  /** Writes a frame. */
  send(command: number, flags: number, tag: number, payload: Uint8Array = new Uint8Array(0)): void {
    this.socket.write(encodeFrame({ command, flags, tag }, payload));
  }

  /** Resolves with the first frame that fits, once it has come. */
  async frame(fits: (frame: SeenFrame) => boolean): Promise<SeenFrame> {
    await this.until(() => this.isClosed || this.frames.some(fits));
    const found = this.frames.find(fits);
    if (found === undefined) throw new Error("the connection was closed before such a frame came");
    return found;
  }

  /** The code of the GOODBYE with which the other side ends the session. */
  async goodbye(): Promise<Code> {
    const { payload } = await this.frame(({ command }) => command === Command.GOODBYE);
    return codeOfNumber(decodeMessage("Goodbye", payload).code);
  }

  /** What opens a connection: preface and HELLO. */
  opening(): Uint8Array {
    return concatBytes(preface, encodeFrame({ command: Command.HELLO, flags: 0, tag: 0 }, this.#hello()));
  }

  /** Connects and becomes READY. */
  static async ready(address: string, descriptor: Uint8Array): Promise<RawPeer> {
    const peer = await RawPeer.connect(address, descriptor);
    const hello = peer.#hello();
    peer.socket.write(concatBytes(preface, encodeFrame({ command: Command.HELLO, flags: 0, tag: 0 }, hello)));
    await peer.until(() => peer.frames.length >= 2);
    const [theirs] = peer.frames;
    const transcript = {
      initiatorPreface: preface,
      responderPreface: preface,
      initiatorHello: hello,
      responderHello: theirs?.payload ?? new Uint8Array(0),
      bindingKind: peer.#binding[0],
      binding: peer.#binding[1],
    };
    const digest = proofDigest(hasher, "initiator", transcript);
    const signature = signNow(peer.identity.privateKey, signedMessage(Domain.PROOF, digest));
    const proof = encodeMessage("Proof", { bindingKind: peer.#binding[0], signature });
    peer.socket.write(encodeFrame({ command: Command.PROOF, flags: 0, tag: 0 }, proof));
    // The first frame of a responder that took the proof is a PING.
    await peer.until(() => peer.frames.some(({ command }) => command === Command.PING) || peer.isClosed);
    return peer;
  }

  /** A record of itself. @param issued Unix ms, now if absent. */
  record(issued = BigInt(Date.now())): Uint8Array {
    const { unsigned, message } = prepareRecord(hasher, this.#network, {
      nodeId: this.identity.nodeId,
      issued,
      expires: issued + BigInt(minute),
      incarnation: this.#incarnation,
      body: encodeRecordBody([], []),
    });
    return concatBytes(unsigned, signNow(this.identity.privateKey, message));
  }

  #hello(): Uint8Array {
    return encodeMessage("Hello", {
      networkId: this.#network.id,
      nonce: random.bytes(32),
      record: this.record(),
      dialCounter: 1n,
      receiveLimit: 0xffffff,
      bindingKinds: this.#binding[0] === 0 ? [] : [this.#binding[0], BindingKind.CERTIFICATE],
      agent: "raw",
    });
  }

  /** Resolves once something is true; looked at whenever bytes have come. */
  until(isTrue: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (!isTrue()) return;
        this.#waiting.delete(look);
        resolve();
      };
      this.#waiting.add(look);
      look();
    });
  }

  #look(): void {
    for (const look of this.#waiting) look();
  }

  #receive(chunk: Buffer): void {
    const skipped = Math.min(this.#prefaceLeft, chunk.length);
    this.#prefaceLeft -= skipped;
    // No Buffer: slices of those are no copies.
    this.#reader.push(new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.length).subarray(skipped));
    while (this.#reader.next()) {
      const { command, flags, tag, buffer, start, end } = this.#reader;
      const isKept = this.keepsPayloads || this.frames.length < 2 || command === Command.GOODBYE;
      const payload = isKept ? buffer.slice(start, end) : new Uint8Array(0);
      this.frames.push({ command, flags, tag, payload });
    }
    this.#reader.hold();
    this.#look();
  }
}
