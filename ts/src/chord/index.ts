export { clean, type Cleaned } from "./clean.js";
export { includes, isSame, type Contact } from "./contact.js";
export { between, owned } from "./intervals.js";
export type { Finger } from "./fingers.js";
export { Lookup, type LookupFailure, type LookupOutput, type LookupResult, type LookupWish } from "./lookup.js";
export { Position, positionBytes } from "./position.js";
export { Ring } from "./ring.js";
export type {
  LookupLimits,
  Phase,
  RingAnswer,
  RingContext,
  RingLimits,
  RingOutput,
  RingRequest,
  Snapshot,
  StepAnswer,
} from "./ring-types.js";
export * from "./table/index.js";
