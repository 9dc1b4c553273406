// Protobuf payloads by name: section 2.4. Besides generated code the only file that touches the Protobuf runtime, which
// encodes; decoding is ours, see wire.ts.

import { create, toBinary, type DescMessage, type MessageInitShape, type MessageShape } from "@bufbuild/protobuf";
import * as schemas from "../gen/messages.js";
import { messageBounds, type MessageName } from "../gen/registry.js";
import { checkBounds, checkOwnBounds } from "./bounds.js";
import { decodeWire } from "./wire.js";

const schemaOf = {
  Hello: schemas.HelloSchema,
  Proof: schemas.ProofSchema,
  Ping: schemas.PingSchema,
  Update: schemas.UpdateSchema,
  UpdateAnswer: schemas.UpdateAnswerSchema,
  Goodbye: schemas.GoodbyeSchema,
  Error: schemas.ErrorSchema,
  PeerRecordBody: schemas.PeerRecordBodySchema,
  Tell: schemas.TellSchema,
  Ask: schemas.AskSchema,
  AskAnswer: schemas.AskAnswerSchema,
  Peers: schemas.PeersSchema,
  PeersAnswer: schemas.PeersAnswerSchema,
  Locate: schemas.LocateSchema,
  Found: schemas.FoundSchema,
  StaleSequence: schemas.StaleSequenceSchema,
  State: schemas.StateSchema,
  StateAnswer: schemas.StateAnswerSchema,
  Notify: schemas.NotifySchema,
  Hint: schemas.HintSchema,
  Leave: schemas.LeaveSchema,
  LeaveAnswer: schemas.LeaveAnswerSchema,
  Step: schemas.StepSchema,
  StepAnswer: schemas.StepAnswerSchema,
  Record: schemas.RecordSchema,
  Put: schemas.PutSchema,
  PutAnswer: schemas.PutAnswerSchema,
  Get: schemas.GetSchema,
  GetAnswer: schemas.GetAnswerSchema,
  Scan: schemas.ScanSchema,
  ScanAnswer: schemas.ScanAnswerSchema,
  Sync: schemas.SyncSchema,
  SyncAnswer: schemas.SyncAnswerSchema,
  Watch: schemas.WatchSchema,
  WatchAnswer: schemas.WatchAnswerSchema,
  Changed: schemas.ChangedSchema,
} as const satisfies Readonly<Record<MessageName, DescMessage>>;

/** A decoded payload: the fields of the generated type. */
export type Message<N extends MessageName> = Omit<MessageShape<(typeof schemaOf)[N]>, "$typeName" | "$unknown">;
/** What is needed to make a payload; what is left out is 0, empty or false. */
export type MessageInit<N extends MessageName> = MessageInitShape<(typeof schemaOf)[N]>;

/** Whether the registry has a message of this name. */
export function isMessageName(name: string): name is MessageName {
  return Object.hasOwn(schemaOf, name);
}

/**
 * Decodes a payload; byte fields are views of `payload`, which must not change afterwards.
 * @throws {ProtocolError} MALFORMED (r[payload.*])
 */
export function decodeMessage<N extends MessageName>(name: N, payload: Uint8Array): Message<N> {
  const value = decodeWire(payload, messageBounds[name]);
  checkBounds(value, messageBounds[name]);
  return value as unknown as Message<N>;
}

/**
 * Encodes a payload into new bytes.
 * @throws {ProtocolError} MISUSE when a value is outside its bounds
 */
export function encodeMessage<N extends MessageName>(name: N, init: MessageInit<N>): Uint8Array {
  const schema: DescMessage = schemaOf[name];
  const message = create(schema, init as MessageInitShape<DescMessage>);
  checkOwnBounds({ ...message }, messageBounds[name]);
  return toBinary(schema, message);
}
