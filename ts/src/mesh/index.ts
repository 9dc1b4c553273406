export { Flood } from "./flood.js";
export type { LocateContext, LocateOwner } from "./locate-types.js";
export { Locator } from "./locator.js";
export type { Delivery, FloodContext, FloodOwner, VerdictCounts } from "./mesh-types.js";
export { Penalties } from "./penalties.js";
export type { Receipt } from "./publisher.js";
export { SlidingRate } from "./sliding-rate.js";
