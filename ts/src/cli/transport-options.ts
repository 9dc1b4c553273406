// Options about certificates and addresses, as operators give them: files become their contents.

import { readFile } from "node:fs/promises";
import type { NodeOptions } from "../runtime/index.js";
import { UsageError } from "./usage.js";
import { listOf, textOf, type OptionValues, type Verb } from "./verb.js";

export const authorityOptions = { authority: { type: "string" } } as const satisfies Verb["options"];
export const authorityHelp: Verb["help"] = [
  [
    "--authority FILE",
    "PEM; nodes that are dialled must show a certificate of these authorities. Default: not looked at",
  ],
];

export const listenerOptions = {
  announce: { type: "string", multiple: true },
  origin: { type: "string", multiple: true },
  certificate: { type: "string" },
  key: { type: "string" },
} as const satisfies Verb["options"];

export const listenerHelp: Verb["help"] = [
  ["--announce ADDRESS", "where others reach the node, in place of where it listens; may be repeated"],
  [
    "--origin ORIGIN",
    "web pages of this origin may connect to ws: and wss:, such as https://example.org; may be repeated",
  ],
  ["--certificate FILE", "PEM, for tls: and wss:, with --key. Default: a self-signed one, made at start"],
  ["--key FILE", "PEM, the key of the certificate; never the key of the identity"],
];

async function readText(option: string, file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw new UsageError(`--${option} ${file} cannot be read: ${(error as Error).message}; name a file in PEM`);
  }
}

/** Who dialled nodes have to be certified by. @throws {UsageError} */
export async function authoritiesOf(values: OptionValues): Promise<Pick<NodeOptions, "authorities">> {
  const file = textOf(values, "authority");
  return file === undefined ? {} : { authorities: await readText("authority", file) };
}

/** What `listenerOptions` say. @throws {UsageError} */
export async function listenerSettings(
  values: OptionValues,
): Promise<Pick<NodeOptions, "announce" | "origins" | "certificate">> {
  const [certificate, key] = [textOf(values, "certificate"), textOf(values, "key")];
  if ((certificate === undefined) !== (key === undefined))
    throw new UsageError("--certificate and --key belong together; give both files, or neither");
  const announce = listOf(values, "announce");
  return {
    origins: listOf(values, "origin"),
    ...(announce.length === 0 ? {} : { announce }),
    ...(certificate === undefined || key === undefined
      ? {}
      : { certificate: { certificate: await readText("certificate", certificate), key: await readText("key", key) } }),
  };
}
