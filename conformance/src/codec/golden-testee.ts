// The golden codec as a testee of link/1 (codec tier only): for trying out the runner, and for differential tests.
// Start: node dist/codec/golden-testee.js
import { createInterface } from "node:readline";
import { asciiJson } from "../link/index.js";
import { goldenReply, type Input } from "./golden-codec.js";

interface Request {
  readonly id: number;
  readonly op: string;
  readonly in: Input;
}

const HELLO = {
  link: 1,
  implementation: { name: "motet-golden", version: "1", language: "TypeScript" },
  versions: [1],
  features: ["codec"],
};

function answer({ op, in: input }: Request): Readonly<Record<string, unknown>> {
  if (op === "hello") return { ok: HELLO };
  if (op === "reset" || op === "shutdown") return { ok: {} };
  if (!op.startsWith("codec.")) return { unsupported: { feature: op.startsWith("clock.") ? "clock" : "node" } };
  try {
    const { kind, ...reply } = goldenReply(op, input);
    if (kind === "ok") return { ok: (reply as { ok: unknown }).ok };
    return { [kind]: reply };
  } catch (error) {
    return { fault: { message: String(error) } };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line) as Request;
  process.stdout.write(`${asciiJson({ id: request.id, ...answer(request) })}\n`);
  if (request.op === "shutdown") process.exit(0);
}
