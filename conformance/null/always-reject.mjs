// Refuses everything, with the code that is right most often.
import { nullTestee, say } from "./lib/testee.mjs";

const codes = { verify: "BAD_SIGNATURE", record: "BAD_RECORD", nodeIdText: "BAD_TEXT", networkIdText: "BAD_TEXT" };

await nullTestee(({ id, op, in: input }) => {
  const code = op === "codec.encode" ? "MISUSE" : op === "codec.feed" ? "TOO_LARGE" : "MALFORMED";
  say({ id, reject: { code: op === "codec.encode" ? code : (codes[input.type] ?? code) } });
});
