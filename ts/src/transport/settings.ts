// What an operator may say about transports. One set of transports is made of it, for one node.

import { Limit } from "../gen/registry.js";
import type { GateLimits } from "./handshake-gate.js";

/** Key and certificate of a responder, in PEM. The key is never the identity key of the node: r[tls.key]. */
export interface ServerCertificate {
  readonly key: string;
  /** The certificate, and the chain behind it if there is one. */
  readonly certificate: string;
}

export interface TransportSettings {
  /** @defaultValue a self-signed certificate, made when the first `tls` or `wss` listener opens */
  readonly certificate?: ServerCertificate;
  /** Addresses at which the operator says that the node is reached, also through a proxy: 6.2 and 6.3. @defaultValue none */
  readonly configured?: readonly string[];
  /** Origins of web pages that may open a WebSocket: r[ws.origin]. @defaultValue none */
  readonly origins?: readonly string[];
  /** Certificates of authorities in PEM; with them, certificates of responders are validated. @defaultValue not validated */
  readonly authorities?: string | readonly string[];
  /** For connections in TLS handshake or upgrade: how long both take together, and how many, in all and by place. @defaultValue those of 9.7 */
  readonly limits?: Partial<GateLimits>;
}

/** Settings with defaults for what was left out. */
export type Settings = Required<Omit<TransportSettings, "certificate" | "authorities" | "limits">> &
  Pick<TransportSettings, "certificate" | "authorities"> & { readonly limits: GateLimits };

/** Settings with their defaults. */
export function withDefaults(settings: TransportSettings): Settings {
  return { configured: [], origins: [], ...settings, limits: { ...Limit, ...settings.limits } };
}
