// The address at which a node of a testnet is reached: passes connections on to the node, and knows who dials. So that a link can be
// cut as a real one breaks, with nobody told.

import { formatHex, readU24 } from "../bytes/index.js";
import { decodeMessage } from "../codec/index.js";
import { headerBytes, prefaceBytes } from "../framing/index.js";
import { wantedOf } from "../session/index.js";
import { transports, type Connection, type Listener, type Transport } from "../transport/index.js";
import { HeldConnection } from "./held-connection.js";

const memory = transports.get("memory") as Transport;
const helloOffset = prefaceBytes + headerBytes;
const nodeIdBytes = 32;

interface Passage {
  /** Node id of the dialler, hex. */
  readonly dialler: string;
  readonly ends: readonly Connection[];
}

export class Front {
  readonly #mayPass: (dialler: string) => boolean;
  readonly #passages = new Set<Passage>();
  #listener: Listener | undefined;
  /** Where the node listens; nothing while it is dead. */
  target: string | undefined;

  private constructor(mayPass: (dialler: string) => boolean) {
    this.#mayPass = mayPass;
  }

  /** @param mayPass whether a node may come through, by its id in hex. */
  static async open(mayPass: (dialler: string) => boolean): Promise<Front> {
    const front = new Front(mayPass);
    front.#listener = await memory.listen("memory://any", (connection) => front.#hold(connection));
    return front;
  }

  get address(): string {
    return this.#listener?.address ?? "";
  }

  /** Breaks the connections of a dialler, or all. */
  cut(dialler?: string): void {
    for (const passage of this.#passages) {
      if (dialler !== undefined && passage.dialler !== dialler) continue;
      this.#passages.delete(passage);
      for (const end of passage.ends) end.close();
    }
  }

  async close(): Promise<void> {
    this.cut();
    await this.#listener?.close();
  }

  #hold(connection: Connection): void {
    let isKnown = false;
    const held: HeldConnection = new HeldConnection(
      connection,
      (bytes) => {
        if (isKnown || wantedOf(bytes) === undefined) return;
        isKnown = true;
        void this.#pass(held, diallerOf(bytes));
      },
      () => undefined,
    );
  }

  async #pass(held: Connection, dialler: string): Promise<void> {
    const { target } = this;
    const node = target === undefined ? undefined : await dialled(target);
    if (node === undefined || !this.#mayPass(dialler)) {
      node?.close();
      return held.close();
    }
    const passage = { dialler, ends: [held, node] };
    this.#passages.add(passage);
    const over = (): void => void this.#passages.delete(passage);
    pump(node, held, over);
    pump(held, node, over);
    return undefined;
  }
}

async function dialled(address: string): Promise<Connection | undefined> {
  try {
    return await memory.dial(address, new AbortController().signal);
  } catch {
    // It has closed meanwhile.
    return undefined;
  }
}

/** Node id in the record of a HELLO, hex; empty when the bytes are none. */
function diallerOf(bytes: Uint8Array): string {
  try {
    const { record } = decodeMessage("Hello", bytes.slice(helloOffset, helloOffset + readU24(bytes, prefaceBytes)));
    return formatHex(record.subarray(0, nodeIdBytes));
  } catch {
    return "";
  }
}

/** What comes of one connection goes into another. */
function pump(from: Connection, to: Connection, over: () => void): void {
  from.start({
    data: (chunk) => {
      if (!to.write(Uint8Array.from(chunk))) from.pause();
    },
    end: () => to.end(),
    close: () => {
      over();
      to.close();
    },
    drain: () => to.resume(),
  });
}
