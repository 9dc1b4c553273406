// The one error of a dial or a listener that failed below the protocol.

import { ProtocolError } from "../errors/index.js";

/** What a failure says; some of the platform's errors only hold others. */
function textOf(error: Error): string {
  if (error instanceof AggregateError && error.message === "")
    return error.errors.map((one) => (one as Error).message).join("; ");
  return error.message;
}

/** UNREACHABLE for an address that could not be dialled or listened at. */
export function unreachable(address: string, cause: Error, advice = "check that a node listens there"): ProtocolError {
  return new ProtocolError("UNREACHABLE", `${address}: ${textOf(cause)}; ${advice}`, { origin: "transport", cause });
}
