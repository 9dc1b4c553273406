// Small helpers of tests that call a node: texts as payloads, and what a call came to.

import { ProtocolError } from "../../src/index.js";

export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
export const text = (payload: Uint8Array): string => new TextDecoder().decode(payload);

/** The code of the error that a call ends with, or `done`. Other errors are thrown. */
export async function codeOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return "done";
  } catch (error) {
    if (error instanceof ProtocolError) return error.code;
    throw error;
  }
}
