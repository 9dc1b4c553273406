// Compressed payloads (2.5) over the platform's zlib, which inflates; header, checksums and lengths are held against the rules here.
import { crc32, deflateRawSync, deflateSync, gzipSync, inflateRawSync } from "node:zlib";
import { concat, readUint, uint, type Bytes } from "./bytes.js";
import { GoldenError } from "./errors.js";

export const DEFLATE = 1;
export const GZIP = 2;
export const ZLIB = 3;

function refuse(rule: string, detail: string): never {
  throw new GoldenError("UNDECODABLE", `compress.${rule}`, detail);
}

/** CRC32 of gzip, as its four bytes stand there. */
export const crcBytes = (payload: Bytes): Bytes => uint(crc32(payload), 4).toReversed();

/** ISIZE of gzip, as its four bytes stand there. */
export const isizeBytes = (payload: Bytes): Bytes => uint(payload.length, 4).toReversed();

/** ADLER32 of zlib, as its four bytes stand there. */
export function adlerBytes(payload: Bytes): Bytes {
  let low = 1n;
  let high = 0n;
  for (const byte of payload) {
    low += BigInt(byte);
    high += low;
  }
  return uint((high % 65_521n) * 65_536n + (low % 65_521n), 4);
}

/** Raw deflate that must be exactly all of the data, and become exactly `size` bytes. */
export function inflateExactly(data: Bytes, size: number): Bytes {
  let result: { buffer: Buffer; engine: { bytesWritten: number } };
  try {
    const options = { info: true, maxOutputLength: Math.max(size, 1) };
    result = inflateRawSync(data, options) as unknown as typeof result;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "";
    if (code === "ERR_BUFFER_TOO_LARGE") refuse("exact", `more than ${size} bytes`);
    if (code === "Z_BUF_ERROR") refuse("whole", "the data ends too early");
    return refuse("deflate", (error as Error).message);
  }
  const { buffer, engine } = result;
  if (buffer.length !== size) refuse("exact", `${buffer.length} bytes in place of ${size}`);
  if (engine.bytesWritten !== data.length) refuse("whole", `${data.length - engine.bytesWritten} bytes are left over`);
  return new Uint8Array(buffer);
}

function ungzip(data: Bytes, size: number): Bytes {
  const head = data.slice(0, 4);
  if (head.length === 4 && readUint(head, 0, 4) !== 0x1f8b0800) refuse("gzip.header", "not 1f 8b 08 00");
  if (data.length < 18) refuse("whole", `${data.length} bytes are no gzip`);
  const payload = inflateExactly(data.slice(10, -8), size);
  const check = concat(crcBytes(payload), isizeBytes(payload));
  if (Buffer.compare(check, data.slice(-8)) !== 0) refuse("gzip.check", "CRC32 or ISIZE");
  return payload;
}

function unzlib(data: Bytes, size: number): Bytes {
  const [cmf = 0, flags = 0] = data;
  if (data.length < 6) refuse("whole", `${data.length} bytes are no zlib`);
  if (cmf % 16 !== 8) refuse("zlib.header", `method ${cmf % 16}`);
  if (cmf >= 0x80) refuse("zlib.header", `CINFO ${cmf >> 4}`);
  if ((cmf * 256 + flags) % 31 !== 0) refuse("zlib.header", "FCHECK");
  if (flags & 0x20) refuse("zlib.header", "FDICT");
  const payload = inflateExactly(data.slice(2, -4), size);
  if (Buffer.compare(adlerBytes(payload), data.slice(-4)) !== 0) refuse("zlib.check", "ADLER32");
  return payload;
}

/** The original payload of a compressed one. */
export function decompress(id: number, payload: Bytes, limit: number): Bytes {
  const unpack = new Map([
    [DEFLATE, inflateExactly],
    [GZIP, ungzip],
    [ZLIB, unzlib],
  ]).get(id);
  if (unpack === undefined) return refuse("listed", `compression id ${id}`);
  if (payload.length < 4) refuse("size", `${payload.length} bytes`);
  const size = readUint(payload, 0, 4);
  const data = payload.slice(4);
  if (size <= data.length) refuse("size", `original size ${size}, ${data.length} bytes of data`);
  if (size > limit) throw new GoldenError("TOO_LARGE", "compress.limit", `original size ${size}, limit ${limit}`);
  return unpack(data, size);
}

/** Original size and data, whatever they are. */
export const sized = (size: number, data: Bytes): Bytes => concat(uint(size, 4), data);

/** A payload in the format of an id, as a receiver takes it; MISUSE where it does not shrink. */
export function compress(id: number, payload: Bytes): Bytes {
  const misuse = (detail: string): never => {
    throw new GoldenError("MISUSE", "compress.size", detail);
  };
  const pack = new Map([
    [DEFLATE, deflateRawSync],
    [GZIP, gzipSync],
    [ZLIB, deflateSync],
  ]).get(id);
  if (pack === undefined) return misuse(`compression id ${id}`);
  const data = new Uint8Array(pack(payload));
  return data.length < payload.length ? sized(payload.length, data) : misuse("it does not shrink");
}
