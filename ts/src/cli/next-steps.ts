// What a person at a terminal may do about each code.

import type { Code } from "../gen/registry.js";

const nextSteps: Partial<Readonly<Record<Code, string>>> = {
  TRANSPORT: "try again, and look at the other side",
  CLOSED: "the other side stops; try another --peer",
  LOST: "the other side is gone; try again, or another --peer",
  UNREACHABLE: "check that the node runs and can be dialled, and the --peer that leads to it",
  TIMEOUT: "check --peer, or raise --timeout",
  HANDSHAKE: "look at what the other side prints",
  NOT_MOTET: "something else listens there; check host and port of --peer",
  NO_VERSION: "update the older of the two nodes",
  WRONG_NETWORK: "use the same --network, --plain, --unsigned and --compressed as the other nodes",
  BAD_RECORD: "check the clocks of both machines",
  SELF: "this is the node itself; use another --peer or --identity",
  UNEXPECTED_NODE: "another node runs at this address; check the motet1… in --peer",
  UNKNOWN_FEATURE: "update the older of the two nodes",
  ENCRYPTION_REQUIRED: "use tls:// or wss://, or --plain on every node of the network",
  BINDING: "the other side cannot bind its proof to this connection; use tls://",
  BAD_PROOF: "somebody stands between the two nodes; use another way to it",
  BANNED: "the other side does not allow this node; use the --identity that it allows",
  FULL: "the other side takes no more sessions; try another --peer",
  DUPLICATE: "this identity has a session there; use another --identity",
  TOO_LARGE: "send less at once",
  MISBEHAVED: "the other side counts too many offences; look at what it prints",
  BAD_TEXT: "check it character by character",
  BAD_KEY: "check the node id; motet id shows it",
  UNKNOWN_COMMAND: "the other side does not know the command; update it",
  MISUSE: "see motet --help",
  NOT_SERVED: "check the channel, or serve it there",
  APPLICATION: "look at what the application there prints",
  BUSY: "try again later",
  SLOW: "the connection is too slow for it; send less",
  QUEUE_FULL: "try again later",
  STORE_FULL: "the nodes that would keep it have no room; delete keys, or give them more",
  STALE: "the nodes that have the newer value do not answer; try again later",
};

/** What to do about an error of this code, as the end of a line. */
export function nextStepOf(code: Code): string {
  return nextSteps[code] ?? "look at what the other side prints";
}
