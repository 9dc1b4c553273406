// motet: the program. Interruptions become a signal, and the exit code becomes that of the process.

import { runCommandLine } from "./run.js";
import { ExitCode } from "./usage.js";

const interruption = new AbortController();
for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => interruption.abort());
// A reader that closed its end, such as head, has seen enough.
process.stdout.on("error", () => process.exit(ExitCode.OK));

process.exitCode = await runCommandLine(process.argv.slice(2), interruption.signal);
