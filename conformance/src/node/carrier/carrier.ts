// What a connection is to the rest of the runner, whatever carries it: bytes both ways, the ends of directions, and what this end
// knows of the encryption underneath. Types, and the text of addresses.
import type { Bytes } from "../../golden/index.js";
import { StepFailure } from "../step-failure.js";

export const schemes = ["tcp", "tls", "ws", "wss"] as const;
export type Scheme = (typeof schemes)[number];

/** What channel bindings are made of (6.4), as this end sees it. */
export interface ChannelFacts {
  /** Output of the TLS exporter. */
  readonly exporter?: Bytes;
  /** Certificate of the responder, DER. */
  readonly certificate?: Bytes;
  /** Name of the responder in the Host header of an upgrade, as it stands there. */
  readonly host?: string;
  /** `wss` address of kind 3, where this side knows one. */
  readonly authority?: string;
  /** The TLS handshake resumed an earlier connection. */
  readonly resumed?: boolean;
  /** What a later connection needs to resume this one. */
  readonly session?: () => Buffer | undefined;
}

export interface CarrierHandlers {
  readonly data: (chunk: Bytes) => void;
  /** The other side ended its direction. */
  readonly end: () => void;
  readonly reset: (detail: string) => void;
  /** The other side broke a rule of the carrier. */
  readonly broken: (detail: string) => void;
  /** Both directions are over. */
  readonly closed: () => void;
}

export interface Carrier {
  readonly scheme: Scheme;
  readonly facts: ChannelFacts;
  /** One direction can end before the other. */
  readonly hasHalfClose: boolean;
  readonly writable: boolean;
  /** Begins to deliver; nothing is lost before. */
  start(handlers: CarrierHandlers): void;
  /** Writes bytes of the stream. */
  write(bytes: Bytes): void;
  /** Writes bytes below the stream: a frame of WebSocket as the caller made it. */
  writeBelow(bytes: Bytes): void;
  cork(): void;
  uncork(): void;
  pause(): void;
  resume(): void;
  /** Ends the own direction as the carrier does. */
  end(): void;
  /** Ends it below: FIN without a close frame or close_notify. */
  endBelow(): void;
  /** Resets the connection. */
  abort(): void;
  destroy(): void;
}

/** A carrier's own handshake that was refused, so that there is no connection for Motet. */
export interface Refusal {
  /** Status of HTTP, where there is one. */
  readonly status?: number;
  readonly detail: string;
}

export type Handshaken = { readonly carrier: Carrier } | { readonly refusal: Refusal };

export interface Place {
  readonly scheme: Scheme;
  readonly host: string;
  readonly port: number;
}

/** Scheme, host and port of an address without pin. */
export function placeOf(address: string): Place {
  const match = /^(tcp|tls|ws|wss):\/\/(.+):(\d+)(\/motet)?$/.exec(address);
  if (match === null) throw new StepFailure("an address scheme://host:port", address);
  const [, scheme = "tcp", host = "", port = "0"] = match;
  return { scheme: scheme as Scheme, host: host.replace(/^\[|\]$/g, ""), port: Number(port) };
}

export const isWeb = (scheme: Scheme): boolean => scheme === "ws" || scheme === "wss";
export const isEncrypted = (scheme: Scheme): boolean => scheme === "tls" || scheme === "wss";

/** Address of a listener of this scheme on this machine; port 0 for any. */
export function localAddress(scheme: Scheme, port = 0, host = "127.0.0.1"): string {
  return `${scheme}://${host}:${port}${isWeb(scheme) ? "/motet" : ""}`;
}

/** The outcome of `work`, or the error that `late` makes when it is not there in time. */
export async function within<T>(ms: number, work: Promise<T>, late: () => Error): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const expiry = new Promise<T>((_resolve, reject) => {
    timer = setTimeout(() => reject(late()), ms);
  });
  try {
    return await Promise.race([work, expiry]);
  } finally {
    clearTimeout(timer);
  }
}
