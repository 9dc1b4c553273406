// How bytes and numbers are shown to people: what a peer sends must not steer a terminal.

import { formatHex } from "../bytes/index.js";
import { formatNodeId } from "../identity/index.js";

/** Bytes as text where they are printable, as hexadecimal where not. */
export function showPayload(payload: Uint8Array): string {
  const text = Buffer.from(payload).toString("utf8");
  return isPrintable(text) ? text : formatHex(payload);
}

/** Like `showPayload`, for several lines: tabs and ends of lines are text too. */
export function showLines(payload: Uint8Array): string {
  const text = Buffer.from(payload).toString("utf8").replace(/\n$/, "");
  return isPrintable(text.replaceAll(/[\n\t]/g, "")) ? text : formatHex(payload);
}

/** A text of a peer for a terminal: as it is where it is printable, else with its odd characters escaped. */
export function showText(text: string): string {
  return isPrintable(text) ? text : JSON.stringify(text).replaceAll(/[^\x20-\x7e]/g, escapeCharacter);
}

/** The beginning of a node id, enough to tell nodes of one screen apart. */
export function showId(id: Uint8Array): string {
  return `${formatNodeId(id).slice(0, 14)}…`;
}

/** Unix milliseconds, and as a date where they are one. */
export function showTime(ms: bigint): string {
  const date = new Date(Number(ms));
  return Number.isNaN(date.getTime()) ? `${ms}` : `${ms}, ${date.toISOString()}`;
}

function isPrintable(text: string): boolean {
  return !text.includes("\ufffd") && !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(text);
}

function escapeCharacter(character: string): string {
  return `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`;
}
