/** Source of randomness that nobody can predict. */
export interface Random {
  /** `length` fresh bytes, owned by the caller. */
  bytes(length: number): Uint8Array;
}
