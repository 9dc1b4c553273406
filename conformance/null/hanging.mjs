// Says hello, and never reads again: what is written to it stays in the pipe.
import { nullTestee } from "./lib/testee.mjs";

// An open timer keeps the process, so that only a signal ends it.
setInterval(() => {}, 1000);
await nullTestee(() => process.stdin.pause());
