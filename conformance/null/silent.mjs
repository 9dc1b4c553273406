// Says hello, and nothing ever after.
import { nullTestee } from "./lib/testee.mjs";

await nullTestee(() => {});
