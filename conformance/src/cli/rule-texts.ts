// Texts of rules, where the specification lies beside the runner; in a published package it does not, and rules are only named.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { specRoot } from "../case/index.js";
import { readSpecification } from "../spec/specification.js";
import type { Rule } from "../spec/rule.js";

/** Root of the repository. */
export const repositoryRoot = fileURLToPath(new URL("../../../", import.meta.url));

/** Rules by id; empty without a specification. */
export function rulesById(): ReadonlyMap<string, Rule> {
  return existsSync(specRoot) ? readSpecification(repositoryRoot).byId : new Map();
}
