// Says hello, and dies of whatever comes next.
import { nullTestee } from "./lib/testee.mjs";

await nullTestee(() => process.exit(1));
