// Frames of a READY session that are not floods: requests, answers, and what is unknown. Sections 2.2 and 2.3.

import { decodeMessage, encodeMessage } from "../codec/index.js";
import { numberOfCode, ProtocolError } from "../errors/index.js";
import { Flag, shapeOf } from "../framing/index.js";
import { Command } from "../gen/registry.js";
import { Requests } from "./requests.js";

const empty = new Uint8Array(0);

/** A frame that was read; its payload is a view that dies with the call. */
export interface Frame {
  readonly command: number;
  readonly flags: number;
  readonly tag: number;
  readonly payload: Uint8Array;
}

/** Writes a control frame of the session. */
export type SendControl = (command: number, flags: number, tag: number, payload: Uint8Array) => void;

export class ControlFrames {
  readonly #requests = new Requests();
  readonly #send: SendControl;

  constructor(send: SendControl) {
    this.#send = send;
  }

  /** Sends a PING request. */
  ping(): void {
    const tag = this.#requests.open(Command.PING, () => undefined);
    if (tag !== undefined) this.#send(Command.PING, Flag.REQUEST, tag, empty);
  }

  /** @throws {ProtocolError} PROTOCOL_ERROR, MALFORMED: they end the session */
  receive(frame: Frame): void {
    if ((frame.flags & Flag.RESPONSE) !== 0) return this.#receiveAnswer(frame);
    // r[frame.unknown.oneway] mutate: `this.#receiveRequest(frame);` => `this.#receiveRequest(frame); else throw new ProtocolError("PROTOCOL_ERROR", "unknown");`
    // r[answer.oneway] mutate: `(frame.flags & Flag.REQUEST) !== 0` => `true`
    if ((frame.flags & Flag.REQUEST) !== 0) this.#receiveRequest(frame);
    // Other one-way frames have no meaning in this version: nothing is answered, nothing is remembered.
  }

  #receiveAnswer({ command, flags, tag, payload }: Frame): void {
    const failed = (flags & Flag.FAILED) !== 0;
    // r[answer.error] mutate: `failed ? {` => `failed && (() => { throw new ProtocolError("PROTOCOL_ERROR", "failed"); })() ? {`
    const answer = failed ? { failed: decodeMessage("Error", payload).code } : { payload };
    // r[frame.response.tag]
    if (!this.#requests.settle(command, tag, answer)) {
      throw new ProtocolError("PROTOCOL_ERROR", `an answer to no request, command ${command} tag ${tag}`, {
        rule: "frame.response.tag",
      });
    }
    if (!failed && command === Command.PING) decodeMessage("Ping", payload);
  }

  #receiveRequest({ command, tag, payload }: Frame): void {
    if (shapeOf(command) === undefined) return this.#refuseUnknown(command, tag);
    decodeMessage("Ping", payload);
    // r[answer.form] mutate: `Flag.RESPONSE` => `Flag.RESPONSE | Flag.FAILED`
    // r[session.ping.empty] mutate: `empty` => `Uint8Array.of(0xf8, 0x3f, 0)`
    this.#send(command, Flag.RESPONSE, tag, empty);
  }

  #refuseUnknown(command: number, tag: number): void {
    const payload = encodeMessage("Error", { code: numberOfCode("UNKNOWN_COMMAND"), text: `command ${command}` });
    // r[frame.unknown.request]
    this.#send(command, Flag.RESPONSE | Flag.FAILED, tag, payload);
  }
}
