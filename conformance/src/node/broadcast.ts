// Broadcasts of a scenario: built with the golden codec, right or defective, or made by the testee and learnt from its frames.
// Every name stands for a list, so that a burst is handled like a single one.
import {
  buildContent,
  concat,
  decodeBroadcast,
  flipped,
  fromHex,
  messageIdOf,
  parseContent,
  sha256,
  sign,
  toHex,
} from "../golden/index.js";
import { GoldenError, textOf, utf8, wrapContent, type Bytes } from "../golden/index.js";
import { compressPayload } from "./compress.js";
import type { MakeOptions } from "./scenario.js";
import type { Stage } from "./stage.js";
import { expectSame, StepFailure } from "./step-failure.js";

export interface Broadcast {
  /** Message id in hex. */
  readonly id: string;
  /** Node id in hex. */
  readonly origin: string;
  readonly sequence: bigint;
  readonly sentAt: bigint;
  readonly channel: string;
  /** The application's payload. */
  readonly payload: Bytes;
  /** Payload of the frame; undefined while only the testee has seen it. */
  bytes?: Bytes;
  /** Identity that made it. */
  readonly by: string;
}

/** Clocks of runner and testee may differ by this much. */
export const CLOCK_SLACK_MS = 2_000;

function sequenceOf(stage: Stage, options: MakeOptions, by: string, like: Broadcast | undefined): bigint {
  const { sequence } = options;
  if (typeof sequence === "string") return BigInt(sequence);
  if (sequence !== undefined) return (stage.messages(sequence.of)[0]?.sequence ?? 0n) + BigInt(sequence.plus);
  return like?.sequence ?? stage.nextSequence(by);
}

function sentAtOf(stage: Stage, options: MakeOptions, like: Broadcast | undefined): bigint {
  if (options.sentAtMs !== undefined) return BigInt(options.sentAtMs);
  if (options.sentAt !== undefined) return BigInt(stage.now() + options.sentAt);
  return like?.sentAt ?? BigInt(stage.now());
}

function payloadOf(options: MakeOptions, like: Broadcast | undefined, index: number, channelBytes: number): Bytes {
  const text = options.payload ?? (like === undefined ? `${options.message} ${index}` : undefined);
  const payload = text === undefined ? (like?.payload ?? new Uint8Array()) : utf8(text);
  if (options.contentBytes === undefined) return payload;
  const size = options.contentBytes - 50 - channelBytes;
  return concat(payload, new Uint8Array(Math.max(size - payload.length, 0))).slice(0, size);
}

function wrap(stage: Stage, options: MakeOptions, by: string, id: Bytes, content: Bytes): Bytes {
  const wanted = options.signature ?? (stage.signed ? "right" : "none");
  const right = wanted === "none" ? new Uint8Array() : sign(stage.identity(by).seed, "motet/1 message", id);
  const signature = wanted === "flipped" ? flipped(right, 1) : right;
  const whole = wrapContent(signature, content, options.signatureLength ?? signature.length);
  const kept = whole.slice(0, whole.length - (options.cut ?? 0));
  return options.append === undefined ? kept : concat(kept, fromHex(options.append));
}

/** Builds one broadcast of these options. */
export function buildOne(stage: Stage, options: MakeOptions, index = 0): Broadcast {
  const like = options.like === undefined ? undefined : stage.messages(options.like)[index];
  const by = options.by ?? like?.by ?? "x";
  const origin = options.origin === undefined ? toHex(stage.identity(by).nodeId) : options.origin;
  const originBytes = origin.startsWith("@") ? stage.identity(origin.slice(1)).nodeId : fromHex(origin);
  const sequence = sequenceOf(stage, options, by, like);
  const sentAt = sentAtOf(stage, options, like);
  const channel =
    options.channelBytes === undefined ? utf8(options.channel ?? like?.channel ?? "") : fromHex(options.channelBytes);
  const payload = payloadOf(options, like, index, channel.length);
  const { compress, encoding = compress === undefined ? 0 : 1, channelLength = channel.length } = options;
  const laid = compress === undefined ? payload : compressPayload(payload, compress);
  const parts = { origin: originBytes, sequence, sentAt, channel, payload: laid, encoding, channelLength };
  const content = buildContent(parts);
  const networkId = options.otherNetwork === true ? sha256(stage.networkId) : stage.networkId;
  const id = messageIdOf(networkId, content);
  if (options.origin === undefined) stage.sequenceUsed(by, sequence);
  const values = { id: toHex(id), origin: toHex(originBytes), sequence, sentAt, channel: textOf(channel) ?? "" };
  return { ...values, payload, bytes: wrap(stage, options, by, id, content), by };
}

/** Builds the broadcasts of a step `make` under their name. */
export function makeBroadcasts(stage: Stage, options: MakeOptions): void {
  const count = options.count ?? (options.like === undefined ? 1 : stage.messages(options.like).length);
  const made = Array.from({ length: count }, (_, index) => buildOne(stage, options, index));
  stage.broadcasts.set(options.message, made);
}

/** Compares natively: broadcasts are long and many. */
export const sameBytes = (one: Bytes, other: Bytes): boolean => Buffer.compare(one, other) === 0;

/** Bytes of the frame's payload; the testee's own are known once a peer has got them. */
export function bytesOf(broadcast: Broadcast): Bytes {
  if (broadcast.bytes === undefined)
    throw new Error("the bytes of a testee's broadcast are not known before a peer got it");
  return broadcast.bytes;
}

/** Judges the payload of a BROADCAST frame: the same bytes as before, or a right broadcast of the testee seen for the first time. */
export function checkBroadcast(stage: Stage, broadcast: Broadcast, bytes: Bytes): void {
  if (broadcast.bytes !== undefined) {
    if (sameBytes(bytes, broadcast.bytes)) return;
    throw new StepFailure(`the broadcast ${label(broadcast)}`, describePayload(stage, bytes));
  }
  const value = decodeOwn(stage, bytes);
  expectSame("message id", broadcast.id, toHex(value.id));
  expectSame("origin", broadcast.origin, toHex(value.origin));
  expectSame("sequence", broadcast.sequence, value.sequence);
  expectSame("channel", broadcast.channel, value.channel);
  expectSame("payload", toHex(broadcast.payload), toHex(value.payload));
  const drift = Number(value.sentAt - broadcast.sentAt);
  if (Math.abs(drift) > CLOCK_SLACK_MS) throw new StepFailure("sent_at to be the clock", `${drift} ms beside it`);
  broadcast.bytes = bytes;
}

function decodeOwn(stage: Stage, bytes: Bytes): ReturnType<typeof decodeBroadcast> {
  try {
    return decodeBroadcast(bytes, stage.descriptor);
  } catch (error) {
    if (!(error instanceof GoldenError)) throw error;
    throw new StepFailure("a right broadcast", error.message);
  }
}

/** One line for people. */
export function label(broadcast: Broadcast): string {
  const text = textOf(broadcast.payload.slice(0, 24))?.replace(/[^\x20-\x7e].*$/, "…") ?? "…";
  return `${broadcast.by}/${broadcast.sequence} "${text}"`;
}

function describePayload(stage: Stage, bytes: Bytes): string {
  try {
    const { origin, sequence } = parseContent(bytes.slice(stage.signed ? 65 : 1));
    for (const [name, list] of stage.broadcasts) {
      const found = list.find((one) => one.origin === toHex(origin) && one.sequence === sequence);
      if (found !== undefined)
        return `the pair of ${name} with ${sameBytes(bytes, found.bytes ?? bytes) ? "its" : "other"} bytes`;
    }
    return `a broadcast ${toHex(origin).slice(0, 8)}…/${sequence}`;
  } catch {
    return `${bytes.length} bytes that are no broadcast`;
  }
}
