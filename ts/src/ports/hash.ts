/** SHA-256, the one hash of the protocol, and the comparison that spares it: both at the platform's speed. */
export interface Hasher {
  /** Hash of `data`, 32 bytes, owned by the caller. `data` is not kept. */
  sha256(data: Uint8Array): Uint8Array;
  /** Whether two arrays hold the same bytes. */
  equals(a: Uint8Array, b: Uint8Array): boolean;
}
