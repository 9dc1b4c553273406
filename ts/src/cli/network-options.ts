// Options that several verbs share: which network, which identity.

import { createIdentity, loadIdentity, type Identity, type NetworkOptions } from "../runtime/index.js";
import { UsageError } from "./usage.js";
import { textOf, type OptionValues, type Verb } from "./verb.js";

/** What makes a network another one. */
export const descriptorOptions = {
  network: { type: "string" },
  plain: { type: "boolean" },
  unsigned: { type: "boolean" },
  compressed: { type: "boolean" },
} as const satisfies Verb["options"];

const descriptorHelp: Verb["help"] = [
  ["--network NAME", "the network, with the parameters of section 1.4 (required)"],
  ["--plain", "the network allows connections without encryption; tcp: and ws: need it"],
  ["--unsigned", "broadcasts of the network carry no signature"],
  ["--compressed", "broadcasts of the network may be compressed"],
];

export const networkOptions = {
  ...descriptorOptions,
  identity: { type: "string" },
  json: { type: "boolean" },
} as const satisfies Verb["options"];

export const networkHelp: Verb["help"] = [
  ...descriptorHelp,
  ["--identity FILE", "the node's identity; made if there is no such file. Default: a new one each time"],
  ["--json", "one JSON object per line on stdout"],
];

/** The network that options name. @throws {UsageError} */
export function networkOf(values: OptionValues): NetworkOptions {
  const name = textOf(values, "network");
  if (name === undefined || name === "")
    throw new UsageError("--network is missing; name the network, such as --network demo");
  const isSet = (option: string): boolean => values[option] === true;
  return { name, plain: isSet("plain"), unsigned: isSet("unsigned"), compressed: isSet("compressed") };
}

/** The identity that options name, or a new one. @throws {ProtocolError} MISUSE */
export async function identityOf(values: OptionValues): Promise<Identity> {
  const file = textOf(values, "identity");
  return file === undefined ? createIdentity() : loadIdentity(file);
}
