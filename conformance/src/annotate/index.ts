// Bytes explained.
export * from "./annotate.js";
export { annotateMessage } from "./message.js";
export * from "./table.js";
