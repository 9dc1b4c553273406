export { clean, type Cleaned } from "./clean.js";
export { includes, isSame, type Contact } from "./contact.js";
export { between, owned } from "./intervals.js";
export { Lookup, type LookupOutput, type LookupResult, type LookupFailure } from "./lookup.js";
export { Position, positionBytes } from "./position.js";
export { Ring } from "./ring.js";
export {
  defaultLookupOptions,
  defaultRingOptions,
  type LookupOptions,
  type Phase,
  type RingAnswer,
  type RingContext,
  type RingOptions,
  type RingOutput,
  type RingRequest,
  type Snapshot,
  type StepAnswer,
} from "./ring-types.js";
