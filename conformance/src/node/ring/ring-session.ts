// One session of a virtual node, or of an observer, with the testee: every frame is handed on as it comes, answers of the testee to the
// request that they belong to. Knows tags; what frames of the ring mean is said in ring-host.ts.
import { commandOf, FAILED, REQUEST, RESPONSE, type Bytes, type Frame } from "../../golden/index.js";
import { arrivalText, frameText, type Arrival } from "../arrival.js";
import type { RawPeer } from "../peer.js";
import { StepFailure } from "../step-failure.js";

type Answered = (frame: Frame | undefined, arrival: Arrival | undefined) => void;

/** A session that serves itself. */
export class RingSession {
  readonly peer: RawPeer;
  readonly #waiting = new Map<number, Answered>();
  readonly #onFrame: (frame: Frame) => void;
  readonly #waitMs: number;
  isOver = false;

  constructor(peer: RawPeer, waitMs: number, onFrame: (frame: Frame) => void) {
    this.peer = peer;
    this.#waitMs = waitMs;
    this.#onFrame = onFrame;
  }

  /** Takes what has come, and what comes from now on. */
  begin(): this {
    this.peer.link.serve((arrival) => this.#receive(arrival));
    return this;
  }

  /** A one-way frame, or an answer. */
  async send(command: string, payload: Bytes = new Uint8Array(), flags = 0, tag = 0): Promise<void> {
    await this.peer.link.writeFrame({ command: commandOf(command), flags, tag, payload });
  }

  /** The answer to a request, FAILED or not. */
  async request(command: string, payload: Bytes = new Uint8Array()): Promise<Frame> {
    const tag = this.peer.nextTag();
    const answer = this.#answerOf(tag, command);
    await this.send(command, payload, REQUEST, tag);
    return answer;
  }

  /** All that was sent before has been dealt with: r[session.ping.fence]. */
  async fence(): Promise<void> {
    await this.request("PING");
  }

  /** Ends it as a process that dies does. */
  abort(): void {
    this.#over(undefined);
    this.peer.link.abort();
  }

  #answerOf(tag: number, command: string): Promise<Frame> {
    const expected = `the answer to ${command} of ${this.peer.name}`;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#answered(tag, undefined, undefined), this.#waitMs);
      this.#waiting.set(tag, (frame, arrival) => {
        clearTimeout(timer);
        const fits = frame !== undefined && frame.command === commandOf(command);
        if (fits) return resolve(frame);
        reject(new StepFailure(expected, frame === undefined ? arrivalText(arrival) : frameText(frame)));
      });
      if (this.isOver) this.#answered(tag, undefined, undefined);
    });
  }

  #answered(tag: number, frame: Frame | undefined, arrival: Arrival | undefined): void {
    const waiting = this.#waiting.get(tag);
    this.#waiting.delete(tag);
    waiting?.(frame, arrival);
  }

  #over(arrival: Arrival | undefined): void {
    this.isOver = true;
    for (const tag of this.#waiting.keys()) this.#answered(tag, undefined, arrival);
  }

  #receive(arrival: Arrival): void {
    if (arrival.kind === "preface") return;
    if (arrival.kind !== "frame") return this.#over(arrival);
    const { frame } = arrival;
    if ((frame.flags & (RESPONSE | FAILED)) !== 0) return this.#answered(frame.tag, frame, arrival);
    this.#onFrame(frame);
  }
}
