// The codec operations of link/1 over the public wire format of the reference.
import { hasher, privateKeyOf, publicBytesOf, signNow, verifyNow } from "motet";
import * as wire from "motet/wire";

const { ProtocolError } = wire;

const hex = (data) => Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString("hex");

const reject = (code) => {
  throw new ProtocolError(code, "refused by the adapter", { origin: "local" });
};

function bytes(text) {
  return wire.parseHex(text) ?? reject("MALFORMED");
}

const network = (text) => wire.networkOf(hasher, bytes(text));

/** Verifies a request whose byte checks passed; `undefined` is one whose did not. */
const verifies = (request) => request !== undefined && verifyNow(request.key, request.message, request.signature);

const decoders = {
  preface({ bytes: text }) {
    const preface = bytes(text);
    if (wire.isPrefaceStart(preface) && preface.length !== 8) reject("MALFORMED");
    return wire.decodePreface(preface.subarray(0, 8));
  },
  frame({ bytes: text, receiveLimit }) {
    const frame = bytes(text);
    if (frame.length < wire.headerBytes) reject("MALFORMED");
    const { length, command, flags, tag } = headerOf(frame);
    wire.checkHeader({ length, command, flags, tag }, receiveLimit, "frame.length.limit");
    if (frame.length !== wire.headerBytes + length) reject("MALFORMED");
    return { command, flags, tag, payload: hex(frame.subarray(wire.headerBytes)) };
  },
  message({ name, bytes: text }) {
    if (!wire.isMessageName(name)) reject("MISUSE");
    return { value: messageToJson(name, wire.decodeMessage(name, bytes(text))) };
  },
  descriptor({ bytes: text }) {
    const { name, ...numbers } = wire.decodeDescriptor(bytes(text));
    return { ...numbers, name: hex(name) };
  },
  record({ bytes: text, network: descriptor }) {
    const own = network(descriptor);
    const record = bytes(text);
    const { nodeId, issued, expires, incarnation, addresses, features } = wire.decodeRecord(hasher, own, record);
    if (!verifies(wire.recordVerification(hasher, own, record))) reject("BAD_RECORD");
    const times = { issued: `${issued}`, expires: `${expires}`, incarnation: `${incarnation}` };
    return { nodeId: hex(nodeId), ...times, addresses: [...addresses], features: [...features] };
  },
  broadcast({ bytes: text, network: descriptor }) {
    const own = network(descriptor);
    const payload = bytes(text);
    const start = 1 + (own.signed ? wire.broadcastSignatureBytes : 0);
    if (!wire.hasBroadcastHead(payload, 0, payload.length, start - 1)) reject("MALFORMED");
    const content = payload.subarray(start);
    if (content.length > own.descriptor.maxMessage) reject("TOO_LARGE");
    if (!wire.isWellFormedContent(content, 0, content.length)) reject("MALFORMED");
    const defect = wire.compressionDefect(content, 0, content.length, own.descriptor);
    if (defect !== undefined) reject(defect);
    if (!wire.isValidKey(content) || !wire.hasWork(hasher, content.subarray(0, 32), own.descriptor.workBits))
      reject("BAD_KEY");
    const id = new wire.MessageHasher(hasher, own).idOf(content, 0, content.length);
    const { origin, sequence, sentAt, encoding, channel, payload: inner } = wire.readContent(content);
    if (own.signed && !verifies(wire.broadcastVerification(origin, id, payload.subarray(1, start))))
      reject("BAD_SIGNATURE");
    const numbers = { sequence: `${sequence}`, sentAt: `${sentAt}` };
    const original =
      encoding === 0 ? inner : wire.decompress(wire.Compression.DEFLATE, inner, own.descriptor.maxMessage);
    return {
      id: hex(id),
      origin: hex(origin),
      ...numbers,
      channel: new TextDecoder().decode(channel),
      payload: hex(original),
    };
  },
  tableRecord({ bytes: text, network: descriptor, now }) {
    const own = network(descriptor);
    const record = tableRecord(own, text);
    const verification = wire.tableRecordVerification(record);
    if (verification !== true && (verification === false || !verifies(verification))) reject("BAD_SIGNATURE");
    const defect = wire.timeDefect(record, own.descriptor.maxTtl, Number(now));
    if (defect !== undefined) reject(defect);
    const { kind, key, keyId, writer, sequence, issued, expires, flags, value, digest } = record;
    const numbers = { sequence: `${sequence}`, issued: `${issued}`, expires: `${expires}`, flags };
    const ids = { kind, key: hex(key), keyId: hex(keyId), writer: hex(writer) };
    return { ...ids, ...numbers, value: hex(value), digest: hex(digest) };
  },
  nodeIdText: ({ text }) => ({ bytes: hex(wire.parseNodeId(text)) }),
  networkIdText: ({ text }) => ({ bytes: hex(wire.parseNetworkId(text)) }),
  address({ text }) {
    const { scheme, host, port, pin } = wire.parseAddress(text);
    return { scheme, pin: pin === undefined ? "" : hex(pin), host, port };
  },
  compressed: ({ compression, bytes: text, limit }) => ({
    payload: hex(wire.decompress(compression, bytes(text), limit)),
  }),
  errorCode({ number }) {
    return number >= 100 && number <= 599 ? { code: wire.codeOfNumber(number) } : reject("MALFORMED");
  },
};

const encoders = {
  preface: (range) => ({ bytes: hex(wire.encodePreface(range)) }),
  frame({ command, flags, tag, payload }) {
    const inner = bytes(payload);
    try {
      wire.checkHeader(
        { length: inner.length, flags, command, tag },
        wire.Limit.RECEIVE_MAX_BYTES,
        "frame.length.limit",
      );
    } catch {
      reject("MISUSE");
    }
    return { bytes: hex(wire.encodeFrame({ command, flags, tag }, inner)) };
  },
  message: ({ name, value }) => ({ bytes: hex(wire.encodeMessage(name, messageFromJson(name, value))) }),
  descriptor: (fields) => ({ bytes: hex(wire.encodeDescriptor({ ...fields, name: bytes(fields.name) })) }),
  record({ seed, network: descriptor, issued, expires, incarnation, body }) {
    const own = network(descriptor);
    const key = privateKeyOf(bytes(seed));
    const claim = {
      nodeId: publicBytesOf(key),
      issued: BigInt(issued),
      expires: BigInt(expires),
      incarnation: BigInt(incarnation),
    };
    const { unsigned, message } = wire.prepareRecord(hasher, own, { ...claim, body: bytes(body) });
    const record = Uint8Array.of(...unsigned, ...signNow(key, message));
    try {
      wire.decodeRecord(hasher, own, record);
    } catch {
      reject("MISUSE");
    }
    return { bytes: hex(record) };
  },
  broadcast({ seed, network: descriptor, sequence, sentAt, channel, payload }) {
    const own = network(descriptor);
    const key = privateKeyOf(bytes(seed));
    const head = { origin: publicBytesOf(key), sequence: u63(sequence), sentAt: u63(sentAt) };
    const fields = { ...head, channel: new TextEncoder().encode(channel), payload: bytes(payload) };
    const content = wire.encodeContent(fields, own.descriptor.maxMessage);
    if (!own.signed) return { bytes: hex(Uint8Array.of(0, ...content)) };
    const id = new wire.MessageHasher(hasher, own).idOf(content, 0, content.length);
    const signature = signNow(key, wire.broadcastMessage(id));
    return { bytes: hex(Buffer.concat([Uint8Array.of(signature.length), signature, content])) };
  },
  tableRecord({ seed, network: descriptor, kind, key, sequence, issued, expires, flags, value }) {
    const own = network(descriptor);
    const secret = seed === "" ? undefined : privateKeyOf(bytes(seed));
    const writer = secret === undefined ? new Uint8Array(0) : publicBytesOf(secret);
    const numbers = { sequence: u64(sequence), issued: u64(issued), expires: u64(expires), flags };
    const claim = { kind, key: bytes(key), writer, ...numbers, value: bytes(value) };
    const message = wire.prepareTableRecord(hasher, own, claim);
    const signature = message === undefined ? undefined : signNow(secret ?? reject("MISUSE"), message);
    return { bytes: hex(wire.finishTableRecord(hasher, own, claim, signature).bytes) };
  },
  nodeIdText({ bytes: text }) {
    const id = bytes(text);
    if (id.length !== 32) reject("MISUSE");
    return wire.isValidKey(id) ? { text: wire.formatNodeId(id) } : reject("BAD_KEY");
  },
  networkIdText({ bytes: text }) {
    const id = bytes(text);
    return id.length === 32 ? { text: wire.formatNetworkId(id) } : reject("MISUSE");
  },
  address({ scheme, pin, host, port }) {
    const text = wire.formatAddress({ scheme, host, port, ...(pin === "" ? {} : { pin: bytes(pin) }) });
    // A node may listen at port 0, but no address has it.
    return port === 0 && scheme !== "memory" ? reject("MISUSE") : { text };
  },
  compressed({ compression, payload }) {
    const compressed = wire.compress(compression, bytes(payload));
    return compressed === undefined ? reject("MISUSE") : { bytes: hex(compressed) };
  },
};

const derivations = {
  nodeId: ({ seed }) => ({ bytes: hex(publicBytesOf(privateKeyOf(bytes(seed)))) }),
  networkId: ({ network: descriptor }) => ({ bytes: hex(network(descriptor).id) }),
  messageId({ network: descriptor, content }) {
    const data = bytes(content);
    return { bytes: hex(new wire.MessageHasher(hasher, network(descriptor)).idOf(data, 0, data.length)) };
  },
  work: ({ nodeId }) => ({ bits: wire.workOf(hasher, bytes(nodeId)) }),
  signature({ seed, domain, digest }) {
    const prefix = new TextEncoder().encode(`${domain}\0`);
    return { bytes: hex(signNow(privateKeyOf(bytes(seed)), wire.signedMessage(prefix, bytes(digest)))) };
  },
  verify({ nodeId, message, signature }) {
    const [key, signed] = [bytes(nodeId), bytes(signature)];
    if (key.length !== 32 || signed.length !== 64 || !wire.passesSignatureChecks(key, signed)) reject("BAD_SIGNATURE");
    return verifyNow(key, bytes(message), signed) ? {} : reject("BAD_SIGNATURE");
  },
  proofDigest({ role, initiatorPreface, responderPreface, initiatorHello, responderHello, bindingKind, binding }) {
    const prefaces = { initiatorPreface: bytes(initiatorPreface), responderPreface: bytes(responderPreface) };
    const hellos = { initiatorHello: bytes(initiatorHello), responderHello: bytes(responderHello) };
    const transcript = { ...prefaces, ...hellos, bindingKind, binding: bytes(binding) };
    return {
      bytes: hex(wire.proofDigest(hasher, role === 0 || role === "initiator" ? "initiator" : "responder", transcript)),
    };
  },
  ringPosition: ({ network: descriptor, nodeId }) => ({
    bytes: hex(wire.ringPositionOf(hasher, network(descriptor), bytes(nodeId))),
  }),
  between: ({ a, b, c }) => ({ holds: wire.between(position(a), position(b), position(c)) }),
  owned: ({ a, b, c }) => ({ holds: wire.owned(position(a), position(b), position(c)) }),
  fingerStart: ({ position: from, index }) => ({ bytes: hex(position(from).plusPowerOfTwo(index).bytes) }),
  clean({ self, entries, most }) {
    const { list, wraps } = wire.clean(contact(self), entries.map(contact), most);
    // A list that becomes empty is that of a ring of one.
    return { entries: list.map(({ key }) => key), wraps: wraps || list.length === 0 };
  },
  keyId: ({ network: descriptor, kind, key }) => ({
    bytes: hex(wire.keyIdOf(hasher, network(descriptor), kind, bytes(key))),
  }),
  keyPosition: ({ keyId, index }) => ({ bytes: hex(wire.keyPositionOf(hasher, bytes(keyId), index)) }),
  newer({ network: descriptor, a, b }) {
    const own = network(descriptor);
    return { holds: wire.compareVersions(tableRecord(own, a), tableRecord(own, b)) > 0 };
  },
  tellable: ({ address, pin, toldBy }) => ({ dial: wire.mayDialTold(address, bytes(pin), toldBy) }),
  version({ mine, theirs }) {
    return { version: wire.commonVersion(wire.decodePreface(bytes(mine)), wire.decodePreface(bytes(theirs))) };
  },
};

const tableRecord = (own, text) => wire.decodeTableRecord(hasher, own, bytes(text));

const position = (text) => wire.Position.fromBytes(bytes(text));

/** The node that stands at a position. */
const contact = (text) => ({ key: text, position: position(text), incarnation: 0n, record: undefined });

function u63(text) {
  const value = BigInt(text);
  return value >= 0n && value < 1n << 63n ? value : reject("MISUSE");
}

function u64(text) {
  const value = BigInt(text);
  return value >= 0n && value < 1n << 64n ? value : reject("MISUSE");
}

function headerOf(frame) {
  const view = new DataView(frame.buffer, frame.byteOffset, wire.headerBytes);
  return {
    length: view.getUint32(0) >>> 8,
    flags: view.getUint8(3),
    command: view.getUint16(4),
    tag: view.getUint16(6),
  };
}

function feed(receiveLimit, chunks) {
  const reader = new wire.FrameReader(receiveLimit);
  const frames = [];
  for (const chunk of chunks) {
    reader.push(bytes(chunk));
    while (reader.next()) {
      const { command, flags, tag, buffer, start, end } = reader;
      frames.push({ command, flags, tag, payload: hex(buffer.subarray(start, end)) });
    }
    reader.hold();
  }
  return { frames, rest: hex(reader.rest) };
}

const messageToJson = (name, message) =>
  Object.fromEntries(wire.messageBounds[name].map(({ json }) => [json, valueToJson(message[json])]));

function valueToJson(value) {
  if (Array.isArray(value)) return value.map(valueToJson);
  if (value instanceof Uint8Array) return hex(value);
  return typeof value === "bigint" ? `${value}` : value;
}

function messageFromJson(name, value) {
  if (!wire.isMessageName(name)) reject("MISUSE");
  const convert = { bytes, uint64: BigInt, string: String, uint32: Number };
  const fields = wire.messageBounds[name].map(({ json, type, repeated }) => {
    const one = convert[type];
    return [json, repeated ? value[json].map(one) : one(value[json])];
  });
  return Object.fromEntries(fields);
}

const dispatch = (table) => (input) => (table[input.type] ?? (() => reject("MISUSE")))(input);

export const codecOperations = {
  "codec.decode": dispatch(decoders),
  "codec.encode": dispatch(encoders),
  "codec.derive": dispatch(derivations),
  "codec.feed": ({ receiveLimit, chunks }) => feed(receiveLimit, chunks),
};
