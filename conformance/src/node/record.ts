// Peer records of a scenario: of any name, right unless something is changed, with addresses that name the runner's listeners.
import {
  buildRecord,
  domainHash,
  flipped,
  formatNodeId,
  fromHex,
  layMessage,
  nodeIdOf,
  readU64,
} from "../golden/index.js";
import { utf8, type Bytes } from "../golden/index.js";
import { placeOf } from "./carrier/index.js";
import type { RecordChange } from "./scenario.js";
import type { Stage } from "./stage.js";

const LIFETIME_MS = 3_600_000;
/** Incarnation of every raw peer that says nothing else. */
const INCARNATION = "1700000000000";

/**
 * An address of a record. `{l}` is the whole address of the listener l, `{scheme}` the transport's, `{place:l}` what stands behind
 * it, `{port:l}` and `{path}` parts of that, and `{id:x}` the text of x's node id.
 */
export function addressText(stage: Stage, template: string): string {
  const listener = (name: string): string => stage.notebook.listener(name).address;
  return template.replaceAll(
    /\{([a-z][a-z0-9-]*)(?::([a-z0-9-]+))?\}/g,
    (_, word: string, name: string | undefined) => {
      if (word === "scheme") return stage.transport;
      if (word === "ring" && stage.ring !== undefined) return stage.ring.gate;
      if (word === "path") return stage.transport.startsWith("ws") ? "/motet" : "";
      if (name === undefined) return listener(word);
      if (word === "id") return formatNodeId(stage.identity(name).nodeId);
      if (word === "place") return listener(name).replace(/^[a-z]+:\/\//, "");
      return String(placeOf(listener(name)).port);
    },
  );
}

/** Peer record of an identity, with its changes. `sameTimeAs` names a record made before. */
export function recordOf(stage: Stage, name: string, change: RecordChange, sameTimeAs?: string): Bytes {
  const { seed } = stage.identity(change.as ?? name);
  const like = sameTimeAs === undefined ? undefined : fromHex(stage.notebook.kept(sameTimeAs));
  const issued = like === undefined ? BigInt(stage.now() + (change.issued ?? 0)) : readU64(like, 32);
  const { features = [] } = change;
  const addresses = (change.addresses ?? []).map((template) => addressText(stage, template));
  const body = change.body === undefined ? layMessage("PeerRecordBody", { addresses, features }) : fromHex(change.body);
  const record = buildRecord({
    seed,
    networkId: change.otherNetwork === true ? domainHash("motet/1 network", utf8("another")) : stage.networkId,
    issued,
    expires: issued + BigInt(change.lifetime ?? LIFETIME_MS),
    incarnation: BigInt(change.incarnation ?? INCARNATION),
    body,
    nodeId: change.nodeId === undefined ? nodeIdOf(seed) : fromHex(change.nodeId),
  });
  return change.flipped === true ? flipped(record, -64) : record;
}
