// `spec lint`: all checks of the specification's form, its citations and its lock, as one list.
import { checkNames } from "./check-names.js";
import { checkRules } from "./check-rules.js";
import { checkCitations, readCitations } from "./citations.js";
import { type Finding, compareFindings } from "./finding.js";
import { checkLock, readLock } from "./lock.js";
import { readRegistryNames } from "./registry-names.js";
import { type Specification, readSpecification } from "./specification.js";

export interface LintResult {
  readonly spec: Specification;
  readonly findings: readonly Finding[];
}

export function lintSpecification(root: string): LintResult {
  const spec = readSpecification(root);
  const names = readRegistryNames(root);
  const findings = [
    ...checkRules(spec, names.errorCodes),
    ...checkNames(spec.chapters, names),
    ...checkCitations(readCitations(root), spec.byId),
    ...checkLock(spec, readLock(root)),
  ];
  return { spec, findings: findings.sort(compareFindings) };
}
