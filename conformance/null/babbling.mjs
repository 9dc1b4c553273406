// Talks all the time, and never to the point.
import { nullTestee, say } from "./lib/testee.mjs";

await nullTestee((request, line) => {
  process.stdout.write(`# ${line.slice(0, 60)}\n`);
  process.stdout.write("no JSON\n");
  say({ event: "peer.up" });
  say({ id: request.id, ok: {}, reject: { code: "MALFORMED" } });
});
