// Worked example of 6.4: what enters PROOF for each kind of channel binding.
import { annotateTranscript } from "../annotate/index.js";
import { concat, proofDigest, sha256, toHex, utf8, type Bytes, type ProofTranscript } from "../golden/index.js";
import { authority, bindingExamples, certificate, type BindingExample } from "./examples-binding.js";
import { block, facts, type Facts } from "./spec-block.js";

/** The bytes whose SHA-256 is the digest. */
function hashedBytes({ role, initiatorPreface, responderPreface, initiatorHello, responderHello, bindingKind, binding }: ProofTranscript): Bytes {
  const hellos = [sha256(initiatorHello), sha256(responderHello)];
  const head = [utf8("motet/1 proof"), Uint8Array.of(0, role), initiatorPreface, responderPreface];
  return concat(...head, ...hellos, Uint8Array.of(bindingKind), binding);
}

const digestRow = ({ transcript }: BindingExample): readonly [string, string] => ["digest", toHex(proofDigest(transcript))];
const bindingRow = (name: string, { transcript }: BindingExample): readonly [string, string] => [name, toHex(transcript.binding)];

function part(name: string, { says, transcript }: BindingExample, rows: Facts): string {
  return `Kind ${transcript.bindingKind}, since ${says}. Vector \`codec/proof/digest-${name}\`.\n\n${facts(rows)}`;
}

export function bindingExample(): string {
  const { exporter, certificate: certified, authority: named } = bindingExamples;
  const parts = [
    block(annotateTranscript(hashedBytes(exporter.transcript)), "What the initiator's digest hashes with kind 4, vector `codec/proof/digest-exporter`:"),
    part("exporter", exporter, [bindingRow("what the exporter gives", exporter), digestRow(exporter)]),
    part("certificate", certified, [["certificate", toHex(certificate)], bindingRow("its hash", certified), digestRow(certified)]),
    part("authority", named, [["address as dialled", authority], bindingRow('H("motet/1 authority", address)', named), digestRow(named)]),
  ];
  return parts.join("\n\n");
}
