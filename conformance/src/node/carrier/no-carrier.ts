// What is left when the testee refused the carrier's own handshake: a connection that was over before it began.
import type { Carrier, CarrierHandlers, ChannelFacts, Scheme } from "./carrier.js";

export class NoCarrier implements Carrier {
  readonly scheme: Scheme;
  readonly facts: ChannelFacts = {};
  readonly hasHalfClose = true;
  readonly writable = false;

  constructor(scheme: Scheme) {
    this.scheme = scheme;
  }

  start(handlers: CarrierHandlers): void {
    handlers.closed();
  }

  write(): void {}
  writeBelow(): void {}
  cork(): void {}
  uncork(): void {}
  pause(): void {}
  resume(): void {}
  end(): void {}
  endBelow(): void {}
  abort(): void {}
  destroy(): void {}
}
