// Events of a node as lines for people or for programs.

import { formatHex } from "../bytes/index.js";
import type { NodeEvent } from "../engine/index.js";
import { formatNodeId } from "../identity/index.js";
import { showId, showPayload, showText } from "./show.js";
import { printData, printNote } from "./usage.js";

/** An event as a plain object for `--json`: ids as text, payloads in hexadecimal. */
function eventToJson(event: NodeEvent): Readonly<Record<string, string | number | boolean>> {
  const head = { event: event.type, ...("peer" in event ? { peer: formatNodeId(event.peer) } : {}) };
  switch (event.type) {
    case "message": {
      const { origin, sequence, sentAt, channel, payload, hops, from, isProven } = event;
      const how = { payload: formatHex(payload), hops, from: formatNodeId(from), isProven };
      return { ...head, origin: formatNodeId(origin), sequence: `${sequence}`, sentAt, channel, ...how };
    }
    case "told":
      return { ...head, channel: event.channel, payload: formatHex(event.payload) };
    case "commanded":
      return { ...head, command: event.command, payload: formatHex(event.payload) };
    case "peer.down":
      return { ...head, code: event.code, text: event.text };
    case "skew":
      return { ...head, ms: event.ms };
    case "stale":
      return { ...head, highest: `${event.highest}`, changed: event.changed };
    case "ring":
      return { ...head, phase: event.phase };
    case "changed":
    case "overwritten":
      return { ...head, keyId: formatHex(event.record.keyId), sequence: `${event.record.sequence}` };
    case "key.gained":
    case "key.lost":
      return { ...head, kind: event.kind, keyId: formatHex(event.keyId), key: formatHex(event.key) };
    case "refused": {
      const { role, by, code, text, address } = event;
      return { ...head, role, by, code, text, address };
    }
    default:
      return head;
  }
}

/** An event as a line for people, and whether it is data. */
function describeEvent(event: NodeEvent, now: number): readonly [line: string, isData: boolean] | undefined {
  switch (event.type) {
    case "message": {
      const { origin, channel, payload, hops, sentAt } = event;
      const how = `${hops} ${hops === 1 ? "hop" : "hops"}, ${Math.max(0, now - sentAt)} ms`;
      return [`[${showText(channel)}] ${showId(origin)}: ${showPayload(payload)}  (${how})`, true];
    }
    case "told":
      return [`[${showText(event.channel)}] ${showId(event.peer)}: ${showPayload(event.payload)}  (told)`, true];
    case "peer.up":
      return [`peer up: ${formatNodeId(event.peer)}`, false];
    case "peer.down":
      return [`peer down: ${showId(event.peer)} ${event.code}`, false];
    case "skew":
      return [`the clock of ${showId(event.peer)} differs by ${event.ms} ms; check both clocks`, false];
    case "stale": {
      const what = event.changed ? "went on above it" : "changed nothing";
      return [`${showId(event.peer)} knows a higher sequence of this node, ${event.highest}: ${what}`, false];
    }
    case "ring":
      return [`on the ring: ${event.phase}`, false];
    case "refused": {
      const who = event.by === "local" ? "node itself" : "other side";
      return [`no session with ${event.address}: ${event.code} (said the ${who})`, false];
    }
    default:
      return undefined;
  }
}

/** Prints an event: what others say is data, everything else is a note. */
export function printEvent(event: NodeEvent, json: boolean, now: number): void {
  if (json) return printData(JSON.stringify(eventToJson(event)));
  const described = describeEvent(event, now);
  if (described === undefined) return;
  const [line, isData] = described;
  if (isData) printData(line);
  else printNote(line);
}
