// `spec lint --accept`: takes the texts of rules into the lock, once their cases were looked at.
import { acceptInto, readLock, writeLock } from "./lock.js";
import { readSpecification } from "./specification.js";

/** Ids that are neither rules nor in the lock. */
export class UnknownRuleError extends Error {
  override readonly name = "UnknownRuleError";
}

/** Accepts the rules of these ids, or all rules there are and were; gives the ids whose entry changed. */
export function acceptRules(root: string, ids: readonly string[] | "all"): string[] {
  const spec = readSpecification(root);
  const lock = readLock(root);
  const known = new Set([...spec.byId.keys(), ...Object.keys(lock)]);
  const chosen = ids === "all" ? [...known] : ids;
  const stranger = chosen.find((id) => !known.has(id));
  if (stranger !== undefined) throw new UnknownRuleError(`r[${stranger}] is no rule; next step: look for it in spec/`);
  const next = acceptInto(lock, spec, chosen);
  writeLock(root, next);
  return chosen.filter((id) => next[id] !== lock[id]);
}
