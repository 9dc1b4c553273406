// Gives every request back as its own answer.
import { nullTestee, say } from "./lib/testee.mjs";

await nullTestee((request) => say({ id: request.id, ok: request.in }));
