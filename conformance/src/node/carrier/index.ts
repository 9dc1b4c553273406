// Carriers: what is under a session, from the runner's side. TCP, TLS, WebSocket, and both.
export * from "./carrier.js";
export * from "./certificates.js";
export * from "./dial.js";
export * from "./listen.js";
export { NoCarrier } from "./no-carrier.js";
export type { TlsChange } from "./tls.js";
export type { UpgradeAnswer, UpgradeRequest } from "./upgrade.js";
export { WebSocketCarrier } from "./websocket-carrier.js";
