// The codec operations of link/1, answered by the golden codec: what vectors are checked against when they are made,
// and one side of the differential tests. Not a reference: where it and a vector disagree, the specification decides.
import {
  buildContent,
  buildRecord,
  buildTableRecord,
  checkKey,
  checkSignature,
  checkTableRecord,
  chooseVersion,
  cleanList,
  compress,
  decodeBroadcast,
  decodeDescriptor,
  decodeFrame,
  decodeMessage,
  decodePreface,
  decodeRecord,
  decodeTableRecord,
  decompress,
  encodeDescriptor,
  encodeFrame,
  encodeMessage,
  encodePreface,
  errorNameOf,
  fingerStartOf,
  formatNetworkId,
  formatNodeId,
  FrameReader,
  fromHex,
  fromLinkValue,
  GoldenError,
  isBetween,
  isNewer,
  isOwned,
  keyIdOf,
  keyPositionOf,
  layAddress,
  limitOf,
  mayDialTold,
  messageIdOf,
  networkIdOf,
  nodeIdOf,
  parseAddress,
  parseNetworkId,
  parseNodeId,
  policyOf,
  positionNumber,
  proofDigest,
  ringPositionOf,
  sign,
  splitTableRecord,
  tableDigestOf,
  toHex,
  toLinkValue,
  workOf,
  wrapContent,
  type Bytes,
  type Descriptor,
  type Frame,
} from "../golden/index.js";
import type { Reply } from "../link/index.js";

export type Input = Readonly<Record<string, unknown>>;
type Ok = Readonly<Record<string, unknown>>;
type Operation = (input: Input) => Ok;

const hex = (input: Input, key: string): Bytes => fromHex(String(input[key]));
const number = (input: Input, key: string): number => Number(input[key]);
const text = (input: Input, key: string): string => String(input[key]);
const u64 = (input: Input, key: string): bigint => BigInt(text(input, key));
const bytes = (value: Bytes): Ok => ({ bytes: toHex(value) });

/** A frame as link/1 writes it. */
export function linkFrame({ command, flags, tag, payload }: Frame): Ok {
  return { command, flags, tag, payload: toHex(payload) };
}

const frameOf = (input: Input): Frame => ({
  command: number(input, "command"),
  flags: number(input, "flags"),
  tag: number(input, "tag"),
  payload: hex(input, "payload"),
});

function descriptorOf(input: Input): Descriptor {
  return { ...(input as unknown as Descriptor), name: hex(input, "name") };
}

function linkRecord(input: Input): Ok {
  const { record, body } = decodeRecord(hex(input, "bytes"), hex(input, "network"));
  const { nodeId, issued, expires, incarnation } = record;
  const times = { issued: `${issued}`, expires: `${expires}`, incarnation: `${incarnation}` };
  const { addresses, features } = body;
  return { nodeId: toHex(nodeId), ...times, addresses, features };
}

/** What decoding would refuse is not encoded: MISUSE, or the code itself where link/1 names it. */
function encodable<T extends Ok>(built: T, decodes: () => unknown, named: readonly string[] = []): T {
  try {
    decodes();
    return built;
  } catch (error) {
    if (!(error instanceof GoldenError) || named.includes(error.code)) throw error;
    throw new GoldenError("MISUSE", error.rule, error.message);
  }
}

function recordBytes(input: Input): Ok {
  const times = {
    issued: u64(input, "issued"),
    expires: u64(input, "expires"),
    incarnation: u64(input, "incarnation"),
  };
  const network = hex(input, "network");
  const record = buildRecord({
    seed: hex(input, "seed"),
    networkId: networkIdOf(network),
    ...times,
    body: hex(input, "body"),
  });
  return encodable(bytes(record), () => decodeRecord(record, network));
}

function linkBroadcast(input: Input): Ok {
  const value = decodeBroadcast(hex(input, "bytes"), hex(input, "network"));
  const { id, origin, sequence, sentAt, channel, payload } = value;
  const numbers = { sequence: `${sequence}`, sentAt: `${sentAt}` };
  return { id: toHex(id), origin: toHex(origin), ...numbers, channel, payload: toHex(payload) };
}

function broadcastBytes(input: Input): Ok {
  const network = hex(input, "network");
  const unsigned = (decodeDescriptor(network).policy & policyOf("UNSIGNED_BROADCASTS")) !== 0;
  const seed = hex(input, "seed");
  const content = buildContent({
    origin: nodeIdOf(seed),
    sequence: u64(input, "sequence"),
    sentAt: u64(input, "sentAt"),
    channel: text(input, "channel"),
    payload: hex(input, "payload"),
  });
  const digest = messageIdOf(networkIdOf(network), content);
  const payload = wrapContent(unsigned ? new Uint8Array() : sign(seed, "motet/1 message", digest), content);
  return encodable(bytes(payload), () => decodeBroadcast(payload, network), ["TOO_LARGE"]);
}

function linkTableRecord(input: Input): Ok {
  const network = hex(input, "network");
  const record = decodeTableRecord(hex(input, "bytes"), network, u64(input, "now"));
  const { kind, key, writer, sequence, issued, expires, flags, value } = record;
  const id = networkIdOf(network);
  const version = { sequence: `${sequence}`, issued: `${issued}`, expires: `${expires}` };
  const names = { kind, key: toHex(key), keyId: toHex(keyIdOf(id, kind, key)), writer: toHex(writer) };
  return { ...names, ...version, flags, value: toHex(value), digest: toHex(tableDigestOf(id, record)) };
}

function tableRecordBytes(input: Input): Ok {
  const network = hex(input, "network");
  const record = buildTableRecord({
    seed: hex(input, "seed"),
    networkId: networkIdOf(network),
    kind: number(input, "kind"),
    key: hex(input, "key"),
    sequence: u64(input, "sequence"),
    issued: u64(input, "issued"),
    expires: u64(input, "expires"),
    flags: number(input, "flags"),
    value: hex(input, "value"),
  });
  return encodable(bytes(record), () => checkTableRecord(splitTableRecord(record), network));
}

function newer(input: Input): Ok {
  const [a, b] = [splitTableRecord(hex(input, "a")), splitTableRecord(hex(input, "b"))];
  return { holds: isNewer(networkIdOf(hex(input, "network")), a, b) };
}

function linkAddress(input: Input): Ok {
  const { scheme, pin, host, port } = parseAddress(text(input, "text"));
  return { scheme, pin: toHex(pin), host, port };
}

function addressText(input: Input): Ok {
  const [scheme, host, port, pin] = [
    text(input, "scheme"),
    text(input, "host"),
    number(input, "port"),
    hex(input, "pin"),
  ];
  const written = layAddress({ scheme, host, port, pin: pin.length === 0 ? "" : formatNodeId(pin) });
  const check = (): void => {
    const read = parseAddress(written);
    if (read.host !== host || read.port !== port)
      throw new GoldenError("MISUSE", "address.port", "a part that is not written");
  };
  return encodable({ text: written }, check);
}

const decode: Readonly<Record<string, Operation>> = {
  preface: (input) => ({ ...decodePreface(hex(input, "bytes")) }),
  frame: (input) => linkFrame(decodeFrame(hex(input, "bytes"), number(input, "receiveLimit"))),
  message: (input) => ({
    value: toLinkValue(text(input, "name"), decodeMessage(text(input, "name"), hex(input, "bytes"))),
  }),
  descriptor: (input) => {
    const { name, ...numbers } = decodeDescriptor(hex(input, "bytes"));
    return { ...numbers, name: toHex(name) };
  },
  record: linkRecord,
  broadcast: linkBroadcast,
  nodeIdText: (input) => bytes(parseNodeId(text(input, "text"))),
  networkIdText: (input) => bytes(parseNetworkId(text(input, "text"))),
  address: linkAddress,
  compressed: (input) => ({
    payload: toHex(decompress(number(input, "compression"), hex(input, "bytes"), number(input, "limit"))),
  }),
  tableRecord: linkTableRecord,
  errorCode: (input) => {
    const code = errorNameOf(number(input, "number"));
    if (code === undefined) throw new GoldenError("MALFORMED", "error.unknown", "outside 100…599");
    return { code };
  },
};

const encode: Readonly<Record<string, Operation>> = {
  preface: (input) => bytes(encodePreface({ lowest: number(input, "lowest"), highest: number(input, "highest") })),
  frame: (input) => {
    const frame = encodeFrame(frameOf(input));
    return encodable(bytes(frame), () => decodeFrame(frame, limitOf("RECEIVE_MAX_BYTES")));
  },
  message: (input) => {
    const name = text(input, "name");
    return bytes(encodeMessage(name, fromLinkValue(name, input["value"] as Ok)));
  },
  descriptor: (input) => bytes(encodeDescriptor(descriptorOf(input))),
  record: recordBytes,
  broadcast: broadcastBytes,
  nodeIdText: (input) => {
    checkKey(hex(input, "bytes"));
    return { text: formatNodeId(hex(input, "bytes")) };
  },
  networkIdText: (input) => ({ text: formatNetworkId(hex(input, "bytes")) }),
  address: addressText,
  compressed: (input) => bytes(compress(number(input, "compression"), hex(input, "payload"))),
  tableRecord: tableRecordBytes,
};

function proofOf(input: Input): Ok {
  const [initiatorPreface, responderPreface] = [hex(input, "initiatorPreface"), hex(input, "responderPreface")];
  const [initiatorHello, responderHello] = [hex(input, "initiatorHello"), hex(input, "responderHello")];
  const binding = { bindingKind: number(input, "bindingKind"), binding: hex(input, "binding") };
  const role = number(input, "role");
  return bytes(proofDigest({ role, initiatorPreface, responderPreface, initiatorHello, responderHello, ...binding }));
}

function ringClean(input: Input): Ok {
  const given = (input["entries"] as string[]).map((one) => fromHex(one));
  const { entries, wraps } = cleanList(
    positionNumber(hex(input, "self")),
    given,
    number(input, "most"),
    positionNumber,
  );
  return { entries: entries.map(toHex), wraps };
}

/** What a function of three positions says. */
function interval(holds: (a: bigint, b: bigint, c: bigint) => boolean): Operation {
  const at = (input: Input, key: string): bigint => positionNumber(hex(input, key));
  return (input) => ({ holds: holds(at(input, "a"), at(input, "b"), at(input, "c")) });
}

const derive: Readonly<Record<string, Operation>> = {
  nodeId: (input) => bytes(nodeIdOf(hex(input, "seed"))),
  networkId: (input) => {
    decodeDescriptor(hex(input, "network"));
    return bytes(networkIdOf(hex(input, "network")));
  },
  messageId: (input) => bytes(messageIdOf(networkIdOf(hex(input, "network")), hex(input, "content"))),
  work: (input) => ({ bits: workOf(hex(input, "nodeId")) }),
  signature: (input) => bytes(sign(hex(input, "seed"), text(input, "domain"), hex(input, "digest"))),
  verify: (input) => {
    checkSignature(hex(input, "nodeId"), hex(input, "message"), hex(input, "signature"));
    return {};
  },
  proofDigest: proofOf,
  tellable: (input) => ({ dial: mayDialTold(text(input, "address"), hex(input, "pin"), text(input, "toldBy")) }),
  version: (input) => ({
    version: chooseVersion(decodePreface(hex(input, "mine")), decodePreface(hex(input, "theirs"))),
  }),
  ringPosition: (input) => bytes(ringPositionOf(networkIdOf(hex(input, "network")), hex(input, "nodeId"))),
  between: interval(isBetween),
  owned: interval(isOwned),
  fingerStart: (input) => bytes(fingerStartOf(hex(input, "position"), number(input, "index"))),
  clean: ringClean,
  keyId: (input) => bytes(keyIdOf(networkIdOf(hex(input, "network")), number(input, "kind"), hex(input, "key"))),
  keyPosition: (input) => bytes(keyPositionOf(hex(input, "keyId"), number(input, "index"))),
  newer,
};

function feed(input: Input): Ok {
  const reader = new FrameReader({ receiveLimit: number(input, "receiveLimit") });
  const frames = (input["chunks"] as string[]).flatMap((chunk) => reader.feed(fromHex(chunk)));
  return { frames: frames.map(linkFrame), rest: toHex(reader.rest) };
}

const tables: Readonly<Record<string, Readonly<Record<string, Operation>>>> = {
  "codec.decode": decode,
  "codec.encode": encode,
  "codec.derive": derive,
};

/** Answers one codec operation. Bugs of the golden codec are thrown; refusals are replies. */
export function goldenReply(op: string, input: Input): Reply {
  const run = op === "codec.feed" ? feed : tables[op]?.[text(input, "type")];
  if (run === undefined) return { kind: "unsupported", feature: `${op} ${text(input, "type")}` };
  try {
    return { kind: "ok", ok: run(input) };
  } catch (error) {
    if (!(error instanceof GoldenError)) throw error;
    return { kind: "reject", code: error.code };
  }
}

/** Refusal of the golden codec with its rule and offset, for explaining bytes. */
export function goldenRefusal(op: string, input: Input): GoldenError | undefined {
  const run = op === "codec.feed" ? feed : tables[op]?.[text(input, "type")];
  try {
    run?.(input);
    return undefined;
  } catch (error) {
    return error instanceof GoldenError ? error : undefined;
  }
}
