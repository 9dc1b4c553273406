// Events of a node as lines for people or for programs.

import { formatHex } from "../bytes/index.js";
import type { NodeEvent } from "../engine/index.js";
import { formatNodeId } from "../identity/index.js";
import { printData, printNote } from "./usage.js";

const shortId = (id: Uint8Array): string => `${formatNodeId(id).slice(0, 14)}…`;

/** Bytes as text where they are printable, as hexadecimal where not: what a peer sends must not steer a terminal. */
export function showPayload(payload: Uint8Array): string {
  const text = Buffer.from(payload).toString("utf8");
  const printable = !text.includes("\ufffd") && !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(text);
  return printable ? text : formatHex(payload);
}

/** An event as a plain object for `--json`. */
export function eventToJson(event: NodeEvent): Readonly<Record<string, string | number>> {
  switch (event.type) {
    case "message": {
      const { origin, sequence, sentAt, channel, payload, hops, from } = event;
      const head = { event: "message", origin: formatNodeId(origin), sequence: `${sequence}`, sentAt, channel };
      return { ...head, payload: formatHex(payload), hops, from: formatNodeId(from) };
    }
    case "peer.up":
      return { event: "peer.up", peer: formatNodeId(event.peer) };
    case "peer.down":
      return { event: "peer.down", peer: formatNodeId(event.peer), code: event.code, text: event.text };
    case "refused":
      return {
        event: "refused",
        role: event.role,
        by: event.by,
        code: event.code,
        text: event.text,
        address: event.address,
      };
    default:
      return { event: event.type };
  }
}

/** Prints an event: broadcasts are data, everything else is a note. */
export function printEvent(event: NodeEvent, json: boolean, now: number): void {
  if (json) return printData(JSON.stringify(eventToJson(event)));
  switch (event.type) {
    case "message": {
      const { origin, channel, payload, hops, sentAt } = event;
      const how = `${hops} ${hops === 1 ? "hop" : "hops"}, ${Math.max(0, now - sentAt)} ms`;
      return printData(`[${showPayload(Buffer.from(channel))}] ${shortId(origin)}: ${showPayload(payload)}  (${how})`);
    }
    case "peer.up":
      return printNote(`peer up: ${formatNodeId(event.peer)}`);
    case "peer.down":
      return printNote(`peer down: ${shortId(event.peer)} ${event.code}`);
    case "refused":
      return printNote(
        `no session with ${event.address}: ${event.code} (said the ${event.by === "local" ? "node itself" : "other side"})`,
      );
    case "drain":
      return undefined;
  }
}
