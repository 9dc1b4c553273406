/** SHA-256 as a synchronous function: the one hash of the protocol. */
export interface Hasher {
  /** Hash of `data`, 32 bytes, owned by the caller. `data` is not kept. */
  sha256(data: Uint8Array): Uint8Array;
}
