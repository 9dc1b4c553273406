// What the pure core asks of Ed25519. The answers come later, as the completion of an effect.

/** A signature to verify. The byte checks of section 1.2 were made; what is left is the equation. */
export interface VerifyRequest {
  /** 32 bytes. */
  readonly key: Uint8Array;
  /** domain ‖ 00 ‖ digest. */
  readonly message: Uint8Array;
  /** 64 bytes. */
  readonly signature: Uint8Array;
}

/** A message to sign with the node's identity key: domain ‖ 00 ‖ digest. */
export interface SignRequest {
  readonly message: Uint8Array;
}

/** Where machines leave their requests; `done` is called exactly once, in a later turn or within the call. */
export interface SignatureService {
  verify(request: VerifyRequest, done: (valid: boolean) => void): void;
  /** `done` gets 64 bytes. */
  sign(request: SignRequest, done: (signature: Uint8Array) => void): void;
}
