// One TCP connection of the runner: every byte that goes out is the caller's, everything that comes in is queued.
// Knows sockets, chunks and the end of both directions; answers PING when told to, and knows nothing else of the protocol.
import { connect, createServer, type Server, type Socket } from "node:net";
import type { AddressInfo } from "node:net";
import { setImmediate } from "node:timers/promises";
import { commandOf, encodeFrame, REQUEST, RESPONSE, type Bytes, type Frame } from "../golden/index.js";
import { ArrivalReader, arrivalText, frameText, type Arrival } from "./arrival.js";
import { Mailbox } from "./mailbox.js";
import { StepFailure } from "./step-failure.js";
import type { Trace } from "./trace.js";

const PING = commandOf("PING");
const GOODBYE = commandOf("GOODBYE");

/** A connection with full control of one side. */
export class WireLink {
  readonly name: string;
  readonly arrivals = new Mailbox<Arrival>();
  /** Bytes of one write; 0 writes all at once. */
  chunkBytes = 0;
  /** Answer PING requests instead of queueing them; over with the first GOODBYE, behind which nothing may come. */
  answersPing = false;
  /** Keep the own direction open when the testee ends its own. */
  holds = false;
  /** Both directions are ended, or the connection was reset. */
  closed = false;
  readonly #socket: Socket;
  readonly #trace: Trace;
  readonly #reader = new ArrivalReader();

  constructor(name: string, socket: Socket, trace: Trace) {
    this.name = name;
    this.#socket = socket;
    this.#trace = trace;
    socket.setNoDelay(true);
    socket.on("data", (chunk: Buffer) => this.#receive(chunk));
    socket.on("end", () => this.#ended());
    socket.on("error", (error: NodeJS.ErrnoException) =>
      this.#put({ kind: "reset", detail: error.code ?? error.message }),
    );
    socket.on("close", () => (this.closed = true));
  }

  /** Writes in chunks; a connection that is gone swallows the rest, for a later step to notice. */
  async write(bytes: Bytes): Promise<void> {
    const size = this.chunkBytes || Math.max(bytes.length, 1);
    for (let at = 0; at < bytes.length && this.#socket.writable; at += size) {
      this.#socket.write(bytes.subarray(at, at + size));
      if (this.chunkBytes) await setImmediate();
    }
  }

  async writeFrame(frame: Partial<Frame> & { command: number }, length?: number): Promise<void> {
    const whole = { flags: 0, tag: 0, payload: new Uint8Array(), ...frame };
    this.#trace.add(`${this.name} → ${frameText(whole)}`);
    await this.write(encodeFrame(whole, length));
  }

  note(line: string): void {
    this.#trace.add(`${this.name} ${line}`);
  }

  /** Holds back what is written until uncork, to leave in one write. */
  cork(): void {
    this.#socket.cork();
  }

  uncork(): void {
    this.#socket.uncork();
  }

  stall(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  halfClose(): void {
    this.note("→ end");
    this.#socket.end();
  }

  abort(): void {
    this.note("→ reset");
    this.#socket.resetAndDestroy();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #receive(chunk: Bytes): void {
    for (const arrival of this.#reader.push(chunk)) {
      if (arrival.kind === "frame" && arrival.frame.command === GOODBYE) this.answersPing = false;
      if (arrival.kind === "frame" && this.#answered(arrival.frame)) continue;
      this.#put(arrival);
    }
  }

  #answered({ command, flags, tag }: Frame): boolean {
    if (!this.answersPing || command !== PING || (flags & REQUEST) === 0) return false;
    void this.writeFrame({ command, flags: RESPONSE, tag });
    return true;
  }

  #ended(): void {
    this.#put({ kind: "eof", rest: this.#reader.rest });
    if (!this.holds) this.#socket.end();
  }

  #put(arrival: Arrival): void {
    this.note(`← ${arrivalText(arrival)}`);
    this.arrivals.put(arrival);
  }
}

/** Host and port of `tcp://host:port`. */
function parseAddress(address: string): { host: string; port: number } {
  const match = /^tcp:\/\/(.+):(\d+)$/.exec(address);
  if (match === null) throw new StepFailure("an address tcp://host:port", address);
  return { host: (match[1] ?? "").replace(/^\[|\]$/g, ""), port: Number(match[2]) };
}

/** Connects to a testee. */
export function dialLink(name: string, address: string, trace: Trace, ms: number): Promise<WireLink> {
  return new Promise((resolve, reject) => {
    const socket = connect({ ...parseAddress(address), allowHalfOpen: true });
    const fail = (detail: string): void => {
      socket.destroy();
      reject(new StepFailure(`a connection to ${address}`, detail));
    };
    const timer = setTimeout(fail, ms, "none in time");
    const onError = (error: Error): void => {
      clearTimeout(timer);
      fail(error.message);
    };
    socket.once("error", onError);
    socket.once("connect", () => {
      clearTimeout(timer);
      socket.off("error", onError);
      resolve(new WireLink(name, socket, trace));
    });
  });
}

/** A listener that takes one connection of a testee. */
export class WireListener {
  readonly address: string;
  readonly #server: Server;
  readonly #sockets = new Mailbox<Socket>();

  private constructor(server: Server) {
    this.#server = server;
    this.address = `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`;
    server.on("connection", (socket) => this.#sockets.put(socket));
  }

  static open(): Promise<WireListener> {
    return new Promise((resolve, reject) => {
      const server = createServer({ allowHalfOpen: true, pauseOnConnect: true });
      server.once("error", reject);
      server.listen(0, "127.0.0.1", () => resolve(new WireListener(server)));
    });
  }

  close(): void {
    this.#server.close();
  }

  /** The connection of the testee. */
  async accept(name: string, trace: Trace, ms: number): Promise<WireLink> {
    const socket = await this.#sockets.next(ms);
    if (socket === undefined) throw new StepFailure(`a connection of the testee to ${this.address}`, "none in time");
    const link = new WireLink(name, socket, trace);
    socket.resume();
    return link;
  }
}
