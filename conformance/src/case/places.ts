// Where data lies, in the repository and in a published package: vectors, scenarios, specification, schemas.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

function place(...candidates: readonly string[]): string {
  const paths = candidates.map((candidate) => fileURLToPath(new URL(candidate, import.meta.url)));
  return paths.find((path) => existsSync(path)) ?? (paths[0] as string);
}

/** Root of the package: the folder with `schema`, `scenarios`, `null`. */
export const packageRoot = place("../../");
export const schemaRoot = place("../../schema/");
export const scenariosRoot = place("../../scenarios/");
/** The package `motet-vectors`: beside this one in the repository, in node_modules elsewhere. */
export const vectorsRoot = place("../../../vectors/", "../../../motet-vectors/", "../../node_modules/motet-vectors/");
/** Chapters of the specification; absent in a published package. */
export const specRoot = place("../../../spec/");
