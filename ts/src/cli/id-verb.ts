// motet id: identities and the text of ids.

import { formatHex } from "../bytes/index.js";
import { formatNetworkId, formatNodeId, parseNodeId } from "../identity/index.js";
import { bytesOfHex, loadIdentity, networkOfOptions } from "../runtime/index.js";
import { descriptorOptions, networkOf } from "./network-options.js";
import { ExitCode, printData, UsageError } from "./usage.js";
import { textOf, type OptionValues, type Verb } from "./verb.js";

interface Id {
  readonly kind: "node" | "network";
  readonly bytes: Uint8Array;
}

async function idOf(values: OptionValues, operands: readonly string[]): Promise<Id> {
  const file = textOf(values, "identity");
  const [text, ...others] = operands;
  const sources = [file, text, textOf(values, "network")].filter((source) => source !== undefined);
  if (sources.length !== 1 || others.length > 0)
    throw new UsageError("name one of --identity FILE, --network NAME or an id; see motet id --help");
  if (file !== undefined) return { kind: "node", bytes: (await loadIdentity(file)).nodeId };
  if (text === undefined) return { kind: "network", bytes: networkOfOptions(networkOf(values)).id };
  return { kind: "node", bytes: /^[0-9a-f]{64}$/.test(text) ? bytesOfHex(text) : parseNodeId(text) };
}

export const idVerb: Verb = {
  name: "id",
  summary: "show an identity, a network id, or an id in its other form",
  forms: ["--identity FILE", "--network NAME [--plain] [--unsigned] [--compressed]", "motet1… | HEX"],
  help: [
    ["--identity FILE", "the node id of an identity file; the file is made if there is none"],
    ["--network NAME", "the network id of a name, with --plain, --unsigned and --compressed as for the other verbs"],
    ["--json", "one JSON object on stdout"],
  ],
  options: { ...descriptorOptions, identity: { type: "string" }, json: { type: "boolean" } },
  async run(values, operands) {
    const { kind, bytes } = await idOf(values, operands);
    const text = kind === "node" ? formatNodeId(bytes) : formatNetworkId(bytes);
    printData(
      values["json"] === true ? JSON.stringify({ kind, text, hex: formatHex(bytes) }) : `${text}\n${formatHex(bytes)}`,
    );
    return ExitCode.OK;
  },
};
