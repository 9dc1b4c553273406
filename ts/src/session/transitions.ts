// Which frames a session takes in which state: the table of section 3.1 as data.

import { ProtocolError } from "../errors/index.js";
import { Command } from "../gen/registry.js";

/** What a session waits for: the states of section 3.1, and `closed` behind them. */
export type SessionState = "preface" | "hello" | "proof" | "ready" | "closing" | "closed";

/** What a frame means to the session. */
export type Reaction = "hello" | "proof" | "goodbye" | "frame" | "forbidden";

type Row = ReadonlyMap<number, Reaction>;

const row = (entries: Readonly<Record<number, Reaction>>): Row =>
  new Map(Object.entries(entries).map(([command, reaction]) => [Number(command), reaction]));

const handshakeRows: Readonly<Partial<Record<SessionState, Row>>> = {
  hello: row({ [Command.HELLO]: "hello", [Command.GOODBYE]: "goodbye" }),
  proof: row({ [Command.PROOF]: "proof", [Command.GOODBYE]: "goodbye" }),
};

const readyRow = row({ [Command.HELLO]: "forbidden", [Command.PROOF]: "forbidden", [Command.GOODBYE]: "goodbye" });

/** Reaction to a frame before READY. */
export function earlyReaction(state: "hello" | "proof", command: number): Reaction {
  // r[session.early.order] mutate: `?? "forbidden"` => `?? "frame"`
  return handshakeRows[state]?.get(command) ?? "forbidden";
}

/** Reaction to a frame in READY. */
export function readyReaction(command: number): Reaction {
  // r[session.ready.order] mutate: `readyRow.get(command)` => `(command === 4 ? "goodbye" : undefined)`
  return readyRow.get(command) ?? "frame";
}

/** The error of a frame that is forbidden. */
export function outOfOrder(command: number, rule: string): ProtocolError {
  return new ProtocolError("PROTOCOL_ERROR", `command ${command} out of its order`, { rule });
}
