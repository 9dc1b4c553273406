// What all null testees share: a valid hello that declares everything, and one answer for all the rest.
// A null testee does nothing right; a case that one of them passes proves nothing.
import { createInterface } from "node:readline";

const HELLO = {
  link: 1,
  implementation: { name: "null", version: "1", language: "JavaScript" },
  versions: [1],
  features: [
    "codec",
    "node",
    "clock",
    "messaging",
    "tls",
    "ws",
    "wss",
    "exporter",
    "compression",
    "ring",
    "member",
    "table",
    "store",
  ],
};

export function say(value) {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

/** Answers hello; `answer` gets every other request. */
export async function nullTestee(answer) {
  for await (const line of createInterface({ input: process.stdin })) {
    const request = JSON.parse(line);
    if (request.op === "hello") say({ id: request.id, ok: HELLO });
    else answer(request, line);
  }
}
