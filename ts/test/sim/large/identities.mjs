// Node ids and signatures of simulated nodes. Signatures cost a fraction of a hash; they pass the byte checks of section 1.2
// and verify exactly when key and message are those that were signed. Worth nothing against anyone outside a simulation.
import { isValidKey } from "../../../dist/identity/index.js";
import { hasher } from "../../../dist/runtime/index.js";

const signatureBytes = 64;

/** A node id out of a name; the same for the same name. */
export function nodeIdOf(name) {
  for (let attempt = 0; ; attempt++) {
    const id = hasher.sha256(Buffer.from(`${name} ${attempt}`));
    if (isValidKey(id)) return id;
  }
}

function mix(hash, bytes) {
  let mixed = hash;
  for (let i = 0; i < bytes.length; i++) mixed = Math.imul(mixed ^ bytes[i], 0x01000193);
  return mixed ^ (mixed >>> 15);
}

export function sign(key, message) {
  const signature = new Uint8Array(signatureBytes);
  const words = new DataView(signature.buffer);
  let hash = mix(mix(0x811c9dc5, key), message);
  for (let at = 0; at < signatureBytes; at += 4) {
    hash = Math.imul(hash ^ (hash >>> 13), 0x85ebca6b) + at;
    words.setUint32(at, hash >>> 0);
  }
  // R below p and of no small order, S < L.
  signature[0] |= 2;
  signature[31] = 0x40;
  signature[63] &= 0x0f;
  return signature;
}

export function isSigned({ key, message, signature }) {
  const right = sign(key, message);
  for (let i = 0; i < signatureBytes; i++) if (right[i] !== signature[i]) return false;
  return true;
}
