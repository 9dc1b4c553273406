// Mutants of the reference: derived from the tags in its compiled code, and laid out to be run.
export { type Mutant, deriveMutants } from "./derive.js";
export { layOutMutant, takeSnapshot } from "./mirror.js";
export { mutantsOfReference } from "./program.js";
