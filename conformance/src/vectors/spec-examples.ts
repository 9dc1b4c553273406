// The worked examples between the markers of spec/*.md, made from the bytes of the vectors.
import {
  annotateBroadcast,
  annotateDescriptor,
  annotateFrame,
  annotatePreface,
  annotateRecord,
} from "../annotate/index.js";
import {
  concat,
  decodeBroadcast,
  decodeMessage,
  encodeDescriptor,
  encodeFrame,
  formatNetworkId,
  formatNodeId,
  networkIdOf,
  proofDigest,
  toHex,
  type Bytes,
} from "../golden/index.js";
import { examples, exampleTranscript } from "./examples.js";
import { addressExample } from "./spec-examples-address.js";
import { bindingExample } from "./spec-examples-binding.js";
import {
  askExample,
  compressedBroadcastExample,
  compressedPayloadExample,
  locateExample,
  tellExample,
  updateExample,
} from "./spec-examples-messaging.js";
import { block, facts, vector, type Facts } from "./spec-block.js";
import { alice, bob, demo } from "./world.js";

function descriptorExample(): string {
  const bytes = encodeDescriptor(examples.descriptor);
  const id = networkIdOf(bytes);
  const rows: Facts = [
    ["network id", toHex(id)],
    ["as text", formatNetworkId(id)],
  ];
  return `${block(annotateDescriptor(bytes), vector("descriptor/demo"))}\n\n${facts(rows)}`;
}

function pingExample(): string {
  return block(annotateFrame(encodeFrame(examples.pingFrame)), vector("frame/ping-request"));
}

function recordOf(hello: Bytes): Bytes {
  return decodeMessage("Hello", hello)["record"] as Bytes;
}

function handshakeExample(): string {
  const { messages, initiatorHello } = examples.handshake;
  const parts = messages.map(({ from, what, bytes }) => {
    const lines = what === "preface" ? annotatePreface(bytes) : annotateFrame(bytes);
    return block(lines, `The ${from} sends ${what}:`);
  });
  const record = block(annotateRecord(recordOf(initiatorHello)), "The record in the initiator's HELLO:");
  const rows: Facts = [
    ["descriptor of the network", toHex(demo.descriptor)],
    ["seed of the initiator", toHex(alice.seed)],
    ["seed of the responder", toHex(bob.seed)],
    ["digest signed by the initiator", toHex(proofDigest(exampleTranscript(0)))],
    ["digest signed by the responder", toHex(proofDigest(exampleTranscript(1)))],
  ];
  const intro = "Vectors `codec/hello/initiator`, `codec/hello/responder` and `codec/proof/…`. The offsets count from the start of each piece.";
  return [intro, facts(rows), ...parts, record].join("\n\n");
}

function broadcastExample(): string {
  const value = decodeBroadcast(examples.broadcast, demo.descriptor);
  const rows: Facts = [
    ["descriptor of the network", toHex(demo.descriptor)],
    ["seed of the origin", toHex(alice.seed)],
    ["origin as text", formatNodeId(value.origin)],
    ["message id", toHex(value.id)],
  ];
  return `${block(annotateBroadcast(concat(examples.broadcast)), vector("broadcast/signed"))}\n\n${facts(rows)}`;
}

/** Text of each example by the name in its marker. */
export const specExamples: Readonly<Record<string, () => string>> = {
  "descriptor.demo": descriptorExample,
  "frame.ping-request": pingExample,
  "session.handshake": handshakeExample,
  "broadcast.signed": broadcastExample,
  "address.table": addressExample,
  "compression.tell": compressedPayloadExample,
  "session.update": updateExample,
  "broadcast.compressed": compressedBroadcastExample,
  "messaging.tell": tellExample,
  "messaging.ask": askExample,
  "messaging.locate": locateExample,
  "binding.proof": bindingExample,
};

const MARKER = /<!-- example:([a-z.-]+) -->(?:(?!<!-- example:)[\s\S])*?<!-- \/example -->|<!-- example:([a-z.-]+) -->/g;

/** A chapter with its examples filled in; throws for a marker that names none. */
export function fillExamples(chapter: string): string {
  return chapter.replace(MARKER, (_whole, closed: string | undefined, open: string | undefined) => {
    const name = closed ?? open ?? "";
    const make = specExamples[name];
    if (make === undefined) throw new Error(`no example is called ${name}`);
    return `<!-- example:${name} -->\n\n${make()}\n\n<!-- /example -->`;
  });
}
