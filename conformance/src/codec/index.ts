// The codec tier, and the golden codec behind its operations.
export * from "./compare.js";
export { goldenRefusal, goldenReply } from "./golden-codec.js";
export * from "./tier.js";
