export { Engine, type EngineConfig, type EngineCounts, type LinkInfo } from "./engine.js";
export type { DialTarget } from "./dialler.js";
export type { Message } from "./message.js";
export type { Messaging } from "./messaging.js";
export type { NodeEvent, Output, QuestionEvent, RequestEvent } from "./outputs.js";
export type { Access } from "./peer-life.js";
