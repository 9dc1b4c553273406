export type { DialTarget } from "./dialler.js";
export { Engine, type EngineConfig, type EngineCounts, type LinkInfo } from "./engine.js";
export { Message } from "./message.js";
export type { NodeEvent, Output } from "./outputs.js";
