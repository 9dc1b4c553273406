// Options that several verbs share: which network, which identity.

import { createIdentity, loadIdentity, type Identity, type NetworkOptions } from "../runtime/index.js";
import { UsageError } from "./usage.js";
import { textOf, type OptionValues, type Verb } from "./verb.js";

export const networkOptions = {
  network: { type: "string" },
  plain: { type: "boolean" },
  unsigned: { type: "boolean" },
  identity: { type: "string" },
  json: { type: "boolean" },
} as const satisfies Verb["options"];

export const networkHelp: Verb["help"] = [
  ["--network NAME", "the network, with the parameters of section 1.4 (required)"],
  ["--plain", "the network allows connections without encryption; tcp: needs it"],
  ["--unsigned", "broadcasts of the network carry no signature"],
  ["--identity FILE", "the node's identity; made if there is no such file. Default: a new one each time"],
  ["--json", "one JSON object per line on stdout"],
];

export function networkOf(values: OptionValues): NetworkOptions {
  const name = textOf(values, "network");
  if (name === undefined || name === "")
    throw new UsageError("--network is missing; name the network, such as --network demo");
  return { name, plain: values["plain"] === true, unsigned: values["unsigned"] === true };
}

export async function identityOf(values: OptionValues): Promise<Identity> {
  const file = textOf(values, "identity");
  return file === undefined ? createIdentity() : loadIdentity(file);
}
