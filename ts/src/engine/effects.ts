// Signatures under way: who waits for which handle.

import type { SignatureService, SignRequest, VerifyRequest } from "../ports/index.js";
import type { OutputQueue } from "./output-queue.js";

type Waiting =
  | { readonly type: "verify"; readonly done: (valid: boolean) => void }
  | { readonly type: "sign"; readonly done: (signature: Uint8Array) => void };

export class Effects implements SignatureService {
  readonly #outputs: OutputQueue;
  readonly #waiting = new Map<number, Waiting>();
  #lastHandle = 0;

  constructor(outputs: OutputQueue) {
    this.#outputs = outputs;
  }

  verify(request: VerifyRequest, done: (valid: boolean) => void): void {
    this.#outputs.push({ type: "verify", handle: this.#add({ type: "verify", done }), request });
  }

  sign(request: SignRequest, done: (signature: Uint8Array) => void): void {
    this.#outputs.push({ type: "sign", handle: this.#add({ type: "sign", done }), request });
  }

  /** Hands a result to whoever waits for it; a second result for one handle is ignored. */
  complete(handle: number, result: boolean | Uint8Array): void {
    const waiting = this.#waiting.get(handle);
    this.#waiting.delete(handle);
    if (waiting?.type === "verify") waiting.done(result === true);
    else if (waiting?.type === "sign" && result instanceof Uint8Array) waiting.done(result);
  }

  #add(waiting: Waiting): number {
    this.#waiting.set(++this.#lastHandle, waiting);
    return this.#lastHandle;
  }
}
