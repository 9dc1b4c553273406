// The transports of a node by the schemes of their addresses: who listens, who dials, what address is understood.

import { misuse } from "../errors/index.js";
import {
  createTransports,
  schemeOf,
  type Connection,
  type Transport,
  type TransportSettings,
} from "../transport/index.js";
import { pinnedTarget } from "./options.js";

export class NodeTransports {
  readonly #transports: ReadonlyMap<string, Transport>;

  constructor(settings: TransportSettings) {
    this.#transports = createTransports(settings);
  }

  /** The transport of an address. @throws {ProtocolError} MISUSE */
  of(address: string): Transport {
    const transport = this.#transports.get(schemeOf(address));
    if (transport !== undefined) return transport;
    const known = [...this.#transports.keys()].map((scheme) => `${scheme}://`).join(", ");
    throw misuse(`"${address}" has no known scheme; use one of ${known}`);
  }

  /** An address that one of the transports can dial. @throws {ProtocolError} MISUSE, BAD_TEXT, BAD_KEY */
  target(address: string, pinned?: Uint8Array): ReturnType<typeof pinnedTarget> {
    const target = pinnedTarget(address, pinned);
    this.of(target.address).check(target.address);
    return target;
  }

  /** @throws {ProtocolError} */
  dial(address: string, signal: AbortSignal): Promise<Connection> {
    return this.of(address).dial(address, signal);
  }
}
