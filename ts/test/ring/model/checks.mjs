// The checks by name, for the program and for the tests.
import { Explorer } from "./explore.mjs";
import { mutants, scopes, withRules } from "./scopes.mjs";

function explored(scope) {
  const began = performance.now();
  const result = new Explorer(scope).run();
  return { ...result, seconds: (performance.now() - began) / 1000 };
}

/** Explores a scope: states, steps, and the violated property with the way to it, if one is. */
export const check = (name) => explored(withRules(scopes[name]));

/** Explores the scope of a mutant without its rule. */
export const checkMutant = (name) => explored(withRules(scopes[mutants[name].scope], mutants[name].rule));

export const allNames = (isFull) => Object.keys(scopes).filter((name) => isFull || scopes[name].isSmall);
export const mutantNames = Object.keys(mutants);
export const violatedBy = (name) => mutants[name].violates;
