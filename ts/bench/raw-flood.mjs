// The yardstick: flooding over plain `net` sockets with nothing but the work that flooding needs: a length prefix, a
// duplicate check, SHA-256 of first copies, optional Ed25519, one write per socket and tick. No handshake, no limits,
// no typed errors, no back-pressure, no expiry: what a protocol costs is measured against this.
import { createPublicKey, generateKeyPairSync, hash, sign, verify } from "node:crypto";
import { once } from "node:events";
import { connect, createServer } from "node:net";

class RawNode {
  #sockets = new Map();
  #seen = new Set();
  #sequence = 0n;
  #keys = generateKeyPairSync("ed25519");
  #origin = this.#keys.publicKey.export({ format: "der", type: "spki" }).subarray(12);
  static #keyCache = new Map();

  constructor(signed, deliver) {
    this.signed = signed;
    this.deliver = deliver;
    this.server = createServer({ noDelay: true }, (socket) => this.#add(socket));
  }

  async dial(port) {
    const socket = connect({ port, host: "127.0.0.1", noDelay: true });
    await once(socket, "connect");
    this.#add(socket);
  }

  #add(socket) {
    this.#sockets.set(socket, []);
    let held = Buffer.alloc(0);
    socket.on("data", (chunk) => {
      const data = held.length > 0 ? Buffer.concat([held, chunk]) : chunk;
      let at = 0;
      for (; data.length - at >= 4;) {
        const end = at + 4 + data.readUInt32BE(at);
        if (end > data.length) break;
        this.#receive(data.subarray(at + 4, end), socket);
        at = end;
      }
      held = data.subarray(at);
    });
  }

  #receive(frame, from) {
    const key = frame.latin1Slice(64, 104);
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    const payload = Buffer.from(frame);
    const digest = Buffer.from(hash("sha256", payload.subarray(64), "binary"), "binary");
    if (!this.signed) return this.#accept(payload, from);
    const origin = key.slice(0, 32);
    let known = RawNode.#keyCache.get(origin);
    if (known === undefined) {
      const der = Buffer.concat([Buffer.from("302a300506032b6570032100", "hex"), payload.subarray(64, 96)]);
      known = createPublicKey({ key: der, format: "der", type: "spki" });
      RawNode.#keyCache.set(origin, known);
    }
    verify(null, digest, known, payload.subarray(0, 64), (_, valid) => valid && this.#accept(payload, from));
  }

  #accept(payload, from) {
    this.deliver(payload.subarray(104));
    this.#forward(payload, from);
  }

  publish(data) {
    const payload = Buffer.allocUnsafe(104 + data.length);
    payload.set(this.#origin, 64);
    payload.writeBigUInt64BE(++this.#sequence, 96);
    payload.set(data, 104);
    this.#seen.add(payload.latin1Slice(64, 104));
    const digest = Buffer.from(hash("sha256", payload.subarray(64), "binary"), "binary");
    if (!this.signed) return this.#forward(payload);
    sign(null, digest, this.#keys.privateKey, (_, signature) => {
      payload.set(signature);
      this.#forward(payload);
    });
  }

  #forward(payload, from) {
    const prefix = Buffer.allocUnsafe(4);
    prefix.writeUInt32BE(payload.length);
    for (const [socket, queue] of this.#sockets) {
      if (socket === from) continue;
      if (queue.length === 0) setImmediate(() => socket.write(Buffer.concat(queue.splice(0))));
      queue.push(prefix, payload);
    }
  }

  close() {
    for (const socket of this.#sockets.keys()) socket.destroy();
    this.server.close();
  }
}

/** A full mesh of raw nodes; `deliver` is called for every delivery. */
export async function openRawMesh(count, signed, deliver) {
  const nodes = [];
  for (let i = 0; i < count; i++) {
    const node = new RawNode(signed, deliver);
    node.server.listen(0, "127.0.0.1");
    await once(node.server, "listening");
    for (const other of nodes) await node.dial(other.server.address().port);
    nodes.push(node);
  }
  return { publish: (data) => nodes[0].publish(data), close: () => nodes.forEach((node) => node.close()) };
}
