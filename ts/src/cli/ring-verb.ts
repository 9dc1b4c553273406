// motet ring: what a node of the ring knows of it, drawn.

import { writeFile } from "node:fs/promises";
import { formatHex } from "../bytes/index.js";
import type { RingPlace } from "../engine/index.js";
import { misuse } from "../errors/index.js";
import { formatNodeId } from "../identity/index.js";
import { asRingClient, ringClientHelp, ringClientOptions } from "./ring-client.js";
import { surveyRing, type RingSurvey } from "./ring-survey.js";
import { ringSvg } from "./ring-svg.js";
import { drawRing } from "./ring-text.js";
import { ExitCode, printData, printNote, UsageError } from "./usage.js";
import { textOf, type Verb } from "./verb.js";

const placeToJson = ({ nodeId, position, addresses }: RingPlace): Readonly<Record<string, unknown>> => ({
  node: formatNodeId(nodeId),
  position: formatHex(position),
  addresses,
});

function toJson({ view, neighbours, fingers }: RingSurvey): string {
  return JSON.stringify({
    ...placeToJson(view.self),
    phase: view.phase,
    wraps: view.wraps,
    neighbours: neighbours.map(({ place, rank, phase = "", agrees }) => ({
      ...placeToJson(place),
      rank,
      phase,
      agrees,
    })),
    fingers: fingers.map(({ index, place }) => ({ index, ...placeToJson(place) })),
  });
}

async function save(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text);
  } catch (error) {
    throw misuse(`${file} cannot be written: ${(error as Error).message}; name another file with --svg`);
  }
  printNote(`drawn in ${file}`);
}

export const ringVerb: Verb = {
  name: "ring",
  summary: "draw the ring as a node of it sees it",
  forms: ["ADDRESS --network NAME [options]"],
  help: [
    ["ADDRESS", "the node, tls://[motet1…@]HOST:PORT"],
    ["--svg FILE", "draw it as a picture into this file instead"],
    ...ringClientHelp,
  ],
  notes: [
    "Marks: @ the node, p its predecessor, 1, 2, … its successors, + nodes that it would ask first for what lies behind them.",
  ],
  options: { ...ringClientOptions, svg: { type: "string" } },
  async run(values, operands, interruption) {
    const [address, ...others] = operands;
    if (address === undefined || others.length > 0)
      throw new UsageError("name exactly one address of a node of the ring; see motet ring --help");
    const survey = await asRingClient(values, interruption, (node, signal) => surveyRing(node, address, signal));
    const svg = textOf(values, "svg");
    if (svg !== undefined) await save(svg, ringSvg(survey));
    if (values["json"] === true) printData(toJson(survey));
    else if (svg === undefined) printData(drawRing(survey));
    return ExitCode.OK;
  },
};
