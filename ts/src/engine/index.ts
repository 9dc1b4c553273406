export type { Anchor } from "./anchors.js";
export { Engine } from "./engine.js";
export type { EngineConfig, EngineCounts, LinkInfo } from "./engine-types.js";
export type { DialTarget } from "./dialler.js";
export type { Message } from "./message.js";
export type { Messaging } from "./messaging.js";
export type { NodeEvent, Output, QuestionEvent, RequestEvent } from "./outputs.js";
export type { Access } from "./peer-life.js";
export { placeOf, Reception, type ReceptionLimits } from "./reception.js";
