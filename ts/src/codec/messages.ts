// Protobuf payloads by name: section 2.4. The only file besides generated code that touches the Protobuf runtime.

import {
  create,
  fromBinary,
  toBinary,
  type DescMessage,
  type MessageInitShape,
  type MessageShape,
} from "@bufbuild/protobuf";
import * as schemas from "../gen/messages.js";
import { messageBounds, type MessageName } from "../gen/registry.js";
import { checkBounds, checkOwnBounds } from "./bounds.js";
import { checkWire } from "./wire-check.js";

const schemaOf = {
  Hello: schemas.HelloSchema,
  Proof: schemas.ProofSchema,
  Ping: schemas.PingSchema,
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
} as const satisfies Readonly<Record<MessageName, DescMessage>>;

/** A decoded payload. */
export type Message<N extends MessageName> = MessageShape<(typeof schemaOf)[N]>;
/** What is needed to make a payload; what is left out is 0, empty or false. */
export type MessageInit<N extends MessageName> = MessageInitShape<(typeof schemaOf)[N]>;

/** Whether the registry has a message of this name. */
export function isMessageName(name: string): name is MessageName {
  return Object.hasOwn(schemaOf, name);
}

/**
 * Decodes a payload; byte fields are copies or views of `payload`, which must not change afterwards.
 * @throws {ProtocolError} MALFORMED (r[payload.*])
 */
export function decodeMessage<N extends MessageName>(name: N, payload: Uint8Array): Message<N> {
  const fields = messageBounds[name];
  checkWire(payload, fields);
  // The runtime skips unknown fields and lets the last value win: r[payload.unknown], r[payload.last].
  const message = fromBinary(schemaOf[name] as DescMessage, payload, { readUnknownFields: false });
  checkBounds(message as unknown as Readonly<Record<string, unknown>>, fields);
  return message as Message<N>;
}

/**
 * Encodes a payload into new bytes.
 * @throws {ProtocolError} MISUSE when a value is outside its bounds
 */
export function encodeMessage<N extends MessageName>(name: N, init: MessageInit<N>): Uint8Array {
  const message = create(schemaOf[name] as DescMessage, init as MessageInitShape<DescMessage>);
  checkOwnBounds(message as unknown as Readonly<Record<string, unknown>>, messageBounds[name]);
  return toBinary(schemaOf[name] as DescMessage, message);
}
