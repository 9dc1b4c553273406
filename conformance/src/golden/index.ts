// The golden codec: the protocol's bytes written by hand over proto/fields.json, independent of the reference implementation.
// `decode…` and `check…` throw GoldenError with the code of the specification; `build…` and `lay…` make anything, right or defective.
export * from "./address.js";
export * from "./bech32m.js";
export * from "./broadcast.js";
export * from "./bytes.js";
export * from "./compression.js";
export * from "./descriptor.js";
export * from "./ed25519.js";
export * from "./errors.js";
export * from "./frame-reader.js";
export * from "./frame.js";
export * from "./hash.js";
export * from "./message.js";
export * from "./preface.js";
export * from "./record.js";
export * from "./registry.js";
export * from "./ring.js";
export * from "./table.js";
export * from "./websocket.js";
export * from "./wire.js";
export * from "./x509.js";
