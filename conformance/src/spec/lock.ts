// `spec/rules.lock.json`: the text of every rule as it was when its cases were last looked at, as id → hash.
// Ids that were retired stay in it for ever, so that none is used again.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Finding } from "./finding.js";
import { hashOf } from "./rule.js";
import type { Specification } from "./specification.js";

export type Lock = Readonly<Record<string, string>>;

export const retired = "retired";
const lockFile = "spec/rules.lock.json";

export function readLock(root: string): Lock {
  const path = join(root, lockFile);
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as Lock) : {};
}

export function writeLock(root: string, lock: Lock): void {
  const sorted = Object.fromEntries(Object.entries(lock).sort(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(join(root, lockFile), `${JSON.stringify(sorted, undefined, 2)}\n`);
}

export function checkLock(spec: Specification, lock: Lock): Finding[] {
  const findings: Finding[] = [];
  for (const rule of spec.byId.values()) {
    const { id, file, line } = rule;
    const locked = lock[id];
    if (locked === hashOf(rule)) continue;
    const accept = `spec lint --accept ${id}`;
    const [what, next] =
      locked === undefined
        ? [`r[${id}] is new`, `write its cases, then ${accept}`]
        : locked === retired
          ? [`r[${id}] was retired`, "give the rule a new id"]
          : [`the text of r[${id}] changed`, `look at its cases, then ${accept}`];
    findings.push({ file, line, what, next });
  }
  for (const [id, hash] of Object.entries(lock)) {
    if (spec.byId.has(id) || hash === retired) continue;
    const next = `put it back, or retire it with spec lint --accept ${id}`;
    findings.push({ file: lockFile, line: 1, what: `r[${id}] is gone from the text`, next });
  }
  return findings;
}

/**
 * The lock after the texts of `ids` were accepted: new and changed rules get their hash, rules that are gone are retired.
 * An id that was retired stays so, whatever the text says.
 */
export function acceptInto(lock: Lock, spec: Specification, ids: Iterable<string>): Lock {
  const next: Record<string, string> = { ...lock };
  for (const id of ids) {
    const rule = spec.byId.get(id);
    if (next[id] === retired) continue;
    if (rule) next[id] = hashOf(rule);
    else if (id in next) next[id] = retired;
  }
  return next;
}
