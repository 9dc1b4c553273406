// Broadcasts as attackers make them: valid ones of any key, and copies of others' that are not what they seem.
import { concatBytes, encodeUtf8 } from "../../../dist/bytes/index.js";
import { encodeContent } from "../../../dist/codec/index.js";
import { broadcastMessage, MessageHasher } from "../../../dist/identity/index.js";
import { hasher } from "../../../dist/runtime/index.js";
import { sign } from "./identities.mjs";

const signatureBytes = 64;
const contentStart = 1 + signatureBytes;

export class Forge {
  #network;
  #ids;

  constructor(network) {
    this.#network = network;
    this.#ids = new MessageHasher(hasher, network);
  }

  /** A broadcast with a right signature, of whoever `origin` is. */
  broadcast(origin, sequence, sentAt, text) {
    const head = { origin, sequence: BigInt(sequence), sentAt: BigInt(sentAt), channel: encodeUtf8("sim") };
    const { maxMessage } = this.#network.descriptor;
    return this.#signed(origin, encodeContent({ ...head, payload: encodeUtf8(text) }, maxMessage));
  }

  /** Another content under the same origin and sequence, signed by somebody else. */
  squat(payload, key) {
    const content = payload.slice(contentStart);
    content[content.length - 1] ^= 0xff;
    return this.#signed(key, content);
  }

  /** The same content with a signature that does not verify. */
  spoil(payload) {
    const copy = payload.slice();
    copy[1 + 5] ^= 0x55;
    return copy;
  }

  #signed(key, content) {
    const signature = sign(key, broadcastMessage(this.#ids.idOf(content, 0, content.length)));
    return concatBytes(Uint8Array.of(signatureBytes), signature, content);
  }
}
