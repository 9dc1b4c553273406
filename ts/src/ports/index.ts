export type { Hasher } from "./hash.js";
export type { Limits } from "./limits.js";
export type { Random } from "./random.js";
export type { SignatureService, SignRequest, VerifyRequest } from "./signatures.js";
