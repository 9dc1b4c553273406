// A man in the middle between two nodes of the testee: ends the encryption of the one, begins another with the other, and passes on
// what they say, as it is or with other binding kinds in HELLO. Knows what each of the two has said of itself, and judges nothing.
import { commandOf, decodeMessage, encodeFrame, layMessage, type Bytes } from "../golden/index.js";
import { ArrivalReader, type Arrival } from "./arrival.js";
import { commonKind } from "./binding.js";
import type { Carrier } from "./carrier/index.js";
import { Mailbox } from "./mailbox.js";

const HELLO = commandOf("HELLO");

export interface TapOptions {
  /** To the node that dialled. */
  readonly dialler: Carrier;
  /** To the node that it wanted. */
  readonly wanted: Carrier;
  /** Written into both HELLOs. */
  readonly bindingKinds?: readonly number[];
}

/** Two connections as one. */
export class Tap {
  readonly #options: TapOptions;
  readonly #hellos = new Mailbox<Bytes>();

  constructor(options: TapOptions) {
    this.#options = options;
    const { dialler, wanted } = options;
    this.#pass(dialler, wanted);
    this.#pass(wanted, dialler);
  }

  /** Whether the two could take it for one connection, were nothing but this kind of binding looked at; undefined when a HELLO is missing. */
  async isFaithful(ms: number): Promise<boolean | undefined> {
    const [one, other] = [await this.#hellos.next(ms), await this.#hellos.next(ms)];
    if (one === undefined || other === undefined) return undefined;
    const { dialler, wanted, bindingKinds } = this.#options;
    if (bindingKinds !== undefined) return false;
    const kind = commonKind(one, other);
    if (kind === 0) return true;
    const [shown, real] = [dialler.facts.certificate ?? [], wanted.facts.certificate ?? []];
    return kind === 1 && Buffer.compare(Buffer.from(shown), Buffer.from(real)) === 0;
  }

  close(): void {
    this.#options.dialler.destroy();
    this.#options.wanted.destroy();
  }

  #pass(from: Carrier, to: Carrier): void {
    const reader = new ArrivalReader();
    from.start({
      data: (chunk) => {
        for (const arrival of reader.push(chunk)) if (to.writable) to.write(this.#seen(arrival));
      },
      end: () => to.end(),
      reset: () => to.destroy(),
      broken: () => to.destroy(),
      closed: () => undefined,
    });
  }

  /** The bytes of an arrival to be passed on. */
  #seen(arrival: Arrival): Bytes {
    if (arrival.kind === "preface") return arrival.bytes;
    if (arrival.kind !== "frame") return new Uint8Array();
    const { frame } = arrival;
    if (frame.command !== HELLO) return encodeFrame(frame);
    this.#hellos.put(frame.payload);
    const { bindingKinds } = this.#options;
    if (bindingKinds === undefined) return encodeFrame(frame);
    return encodeFrame({ ...frame, payload: layMessage("Hello", { ...decodeMessage("Hello", frame.payload), bindingKinds: [...bindingKinds] }) }); // prettier-ignore
  }
}
