// Error codes on the wire: names for numbers, and what an unknown number counts as.

import { ErrorCode, errorNames, type Code } from "../gen/registry.js";

/** Number of a code. */
export function numberOfCode(code: Code): number {
  return ErrorCode[code];
}

/**
 * Name of a number that a peer sent: section 0.3. A number that is no code of its own counts as its group; one outside
 * 100…599 belongs to no group and is PROTOCOL_ERROR.
 */
export function codeOfNumber(number: number): Code {
  const known = errorNames.get(number);
  // r[error.unknown] mutate: `number - (number % 100)` => `300`
  return known ?? errorNames.get(number - (number % 100)) ?? "PROTOCOL_ERROR";
}
