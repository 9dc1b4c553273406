// What one side knows of the encryption underneath its connection, and the channel bindings that it comes to: section 6.4.
// Knows no TLS: a transport tells the facts.

import { encodeUtf8 } from "../bytes/index.js";
import { BindingKind } from "../gen/registry.js";
import { Domain, hashIn } from "../identity/index.js";
import type { Hasher } from "../ports/index.js";

/** Facts about one end of a connection. */
export interface ChannelFacts {
  /** Whether this side's end of the connection is encrypted. */
  readonly encrypted: boolean;
  /** The TLS connection resumed an earlier one: r[tls.resumed]. */
  readonly resumed: boolean;
  /** TLS exporter of RFC 9266, 32 bytes; absent without TLS. */
  readonly exporter?: Uint8Array;
  /** The responder's certificate, DER; absent without TLS. */
  readonly certificate?: Uint8Array;
  /** The `wss` address of r[binding.authority.initiator] or r[binding.authority.responder], when kind 3 may be listed. */
  readonly authority?: string;
}

/** Facts of a connection without encryption. */
export const plainChannel: ChannelFacts = { encrypted: false, resumed: false };

/** A channel binding that this side can compute. */
export interface Binding {
  readonly kind: number;
  /** 32 bytes. */
  readonly value: Uint8Array;
}

const none: Binding = { kind: BindingKind.UNSPECIFIED, value: new Uint8Array(32) };

/** The bindings of one end, preferred ones first. */
export function bindingsOf(hasher: Hasher, facts: ChannelFacts): readonly Binding[] {
  const { exporter, certificate, authority } = facts;
  const bindings: Binding[] = [];
  // r[binding.list]
  if (exporter !== undefined) bindings.push({ kind: BindingKind.EXPORTER, value: exporter });
  if (certificate !== undefined) {
    // r[binding.proof] mutate: `hasher.sha256(certificate)` => `new Uint8Array(32)`
    bindings.push({ kind: BindingKind.CERTIFICATE, value: hasher.sha256(certificate) });
  }
  if (authority !== undefined) {
    const value = hashIn(hasher, Domain.AUTHORITY, encodeUtf8(authority));
    bindings.push({ kind: BindingKind.AUTHORITY, value });
  }
  return bindings;
}

/** The binding that both sides compute: r[session.binding.kind]. `mine` is in the order of preference. */
export function commonBinding(mine: readonly Binding[], theirs: readonly number[]): Binding {
  return mine.find(({ kind }) => theirs.includes(kind)) ?? none;
}

/** Whether a connection counts as encrypted, once the peer has said what it can compute: 3.3, 6.3. */
export function countsAsEncrypted({ encrypted, authority }: ChannelFacts, theirs: readonly number[]): boolean {
  return encrypted || (authority !== undefined && theirs.includes(BindingKind.AUTHORITY));
}
