// The table of verbs. A new verb is one file and one line here.
import { coverageVerb } from "./coverage.js";
import { doctorVerb } from "./doctor.js";
import { emitVerb } from "./emit.js";
import { explainVerb } from "./explain.js";
import { interopVerb } from "./interop.js";
import { listVerb } from "./list.js";
import { runVerb } from "./run.js";
import { selftestVerb } from "./selftest.js";
import { specVerb } from "./spec.js";
import type { Verb } from "./verb.js";
import { vectorsVerb } from "./vectors.js";

export const verbs: readonly Verb[] = [
  runVerb,
  doctorVerb,
  interopVerb,
  listVerb,
  explainVerb,
  emitVerb,
  vectorsVerb,
  specVerb,
  coverageVerb,
  selftestVerb,
];
