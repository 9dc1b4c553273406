// The names that the specification may write in capitals: those of `proto/fields.json`, and a short list of others.
import { readFileSync } from "node:fs";
import { join } from "node:path";

export interface RegistryNames {
  readonly errorCodes: ReadonlySet<string>;
  /** Everything that may stand in capitals, error codes included. */
  readonly all: ReadonlySet<string>;
}

/** Flags of a frame and states of a session: named by the specification itself, not by an enum. */
const ownNames = ["RESPONSE", "FAILED", "REQUEST", "PREFACE", "READY", "CLOSING"];

/** Words of BCP 14 and abbreviations of the trade. */
const words =
  "MUST NOT SHOULD MAY ASCII BCP DNS HTTP IP JSON MOTET RFC SHA SQL TCP TLS UDP URI URL UTF BIP DER LZ4 CC0 API";
/** Names that other specifications give to parts of what they define: TLS and TCP, deflate, gzip, zlib. */
const foreignParts = "ALPN SNI FIN LEN NLEN FLG CRC CRC32 ISIZE MTIME XFL OS CINFO FLEVEL FDICT ADLER32";

interface Fields {
  enums: Record<string, { name: string }[]>;
}

export function registryNames(fields: Fields): RegistryNames {
  const errorCodes = new Set((fields.enums["ErrorCode"] ?? []).map(({ name }) => name));
  const enumNames = Object.values(fields.enums).flatMap((values) => values.map(({ name }) => name));
  return { errorCodes, all: new Set([...enumNames, ...ownNames, ...words.split(" "), ...foreignParts.split(" ")]) };
}

export function readRegistryNames(root: string): RegistryNames {
  return registryNames(JSON.parse(readFileSync(join(root, "proto/fields.json"), "utf8")) as Fields);
}
