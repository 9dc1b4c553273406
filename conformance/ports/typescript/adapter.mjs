// link/1 testee for the reference node: reads requests on stdin, writes replies and events on stdout (see ../../LINK.md).
import { createInterface } from "node:readline";
import { ProtocolError } from "motet";
import { codecOperations } from "./codec.mjs";
import { nodeOperations, stopAllNodes } from "./node.mjs";

const write = (value) => process.stdout.write(`${asciiJson(value)}\n`);

/** JSON with everything beyond ASCII escaped. */
function asciiJson(value) {
  return JSON.stringify(value).replace(
    /[\u0080-\uffff]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

const operations = {
  hello: () => ({
    link: 1,
    implementation: { name: "motet", version: "0.1.0", language: "typescript" },
    versions: [1],
    features: "codec node clock messaging tls ws wss exporter compression ring member table store".split(" "),
  }),
  reset: async () => {
    await stopAllNodes();
    return {};
  },
  shutdown: async () => {
    await stopAllNodes();
    return {};
  },
  ...codecOperations,
  ...nodeOperations(write),
};

async function answer({ id, op, in: input }) {
  const operation = operations[op];
  if (operation === undefined) return { id, unsupported: { feature: op } };
  try {
    return { id, ok: await operation(input) };
  } catch (error) {
    if (error instanceof ProtocolError) return { id, reject: { code: error.code } };
    return { id, fault: { message: String(error?.stack ?? error).slice(0, 2000) } };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line);
  write(await answer(request));
  if (request.op === "shutdown") break;
}
await stopAllNodes();
process.exitCode = 0;
process.stdin.destroy();
