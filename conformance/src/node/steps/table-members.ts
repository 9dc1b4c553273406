// What messages and events of the table say, held against what a step wants. Records are the same when their digests are, for an encoding
// has freedoms; who holds one is a set.
import { fromHex, GoldenError, toHex } from "../../golden/index.js";
import type { StepOf } from "../scenario.js";
import { eventText, type LinkEvent, type Stage } from "../stage.js";
import { StepFailure } from "../step-failure.js";
import { madeOf, tableKey } from "../table-values.js";
import { contentOf } from "../content.js";

type Members = Readonly<Record<string, unknown>>;

/** A record as the text that is compared: its digest, and whether it is signed. */
function recordText(stage: Stage, hex: string): string {
  if (hex === "") return "none";
  try {
    const { digest, record } = madeOf(stage, fromHex(hex));
    return `${toHex(digest)} ${record.signature.length}`;
  } catch (error) {
    if (!(error instanceof GoldenError)) throw error;
    return hex;
  }
}

function comparable(stage: Stage, member: string, value: unknown): unknown {
  if (member === "record" || member === "newer") return recordText(stage, String(value));
  if (member === "records") return (value as string[]).map((one) => recordText(stage, one));
  return member === "holders" ? (value as string[]).toSorted() : value;
}

/** The first member that is not as wanted; both are values of link/1. */
export function wrongMember(stage: Stage, wanted: Members, actual: Members): string | undefined {
  return Object.keys(wanted).find(
    (member) =>
      !(member in actual) ||
      JSON.stringify(comparable(stage, member, wanted[member])) !==
        JSON.stringify(comparable(stage, member, actual[member])),
  );
}

/** What the application was told of a write, a read or a list. */
export function checkTableOutcome(
  stage: Stage,
  expected: string,
  step: StepOf<"expectOutcome">,
  event: LinkEvent,
): void {
  const fail = (what: string): never => {
    throw new StepFailure(`${expected} with ${what}`, eventText(event));
  };
  const { leastGroups = 0, leastNodes = 0, newer, found, record, keys } = step;
  if (leastGroups > 0 && !(Number(event["groups"]) >= leastGroups)) fail(`${leastGroups} groups`);
  if (leastNodes > 0 && !(Number(event["nodes"]) >= leastNodes)) fail(`${leastNodes} nodes`);
  if (newer !== undefined && event["newer"] !== newer) fail(`newer ${newer}`);
  if (found !== undefined) checkFound(found, event, fail);
  if (record !== undefined) checkGot(stage, record, event, fail);
  if (event.event === "got" && (step.payload !== undefined || step.size !== undefined)) {
    if (event["value"] !== toHex(contentOf(step))) fail("the right value");
  }
  if (keys === undefined) return;
  const wanted = keys.map((name) => tableKey(stage, name)).map(({ kind, key }) => toHex(Uint8Array.of(kind, ...key)));
  if ((event["keys"] as readonly string[]).join() !== wanted.toSorted().join()) fail(`the keys ${keys.join(", ")}`);
}

function checkFound(found: boolean, event: LinkEvent, fail: (what: string) => never): void {
  if (event["found"] !== found) fail(`found ${found}`);
  const isNothing = event["writer"] === "" && event["sequence"] === "0" && event["value"] === "";
  if (!found && !isNothing) fail("nothing of a record");
}

function checkGot(stage: Stage, name: string, event: LinkEvent, fail: (what: string) => never): void {
  const { record } = stage.notebook.tableRecord(name);
  if (event["found"] !== true) fail(`the record ${name}`);
  const wanted = { writer: toHex(record.writer), sequence: `${record.sequence}`, value: toHex(record.value) };
  const wrong = Object.entries(wanted).find(([member, value]) => event[member] !== value);
  if (wrong !== undefined) fail(`the ${wrong[0]} of the record ${name}`);
}
