// Resident memory of the testee's process, where the system tells it. Where it does not, the check is reported as not made.
import { readFileSync } from "node:fs";

/** Resident bytes of a process, or undefined. */
export function residentBytes(pid: number | undefined): number | undefined {
  if (pid === undefined) return undefined;
  try {
    const match = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
    return match === null ? undefined : Number(match[1]) * 1024;
  } catch {
    return undefined;
  }
}
