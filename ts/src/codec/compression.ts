// Compressed payloads of frames: section 2.5. Which formats there are and how their bytes are held together; when a frame
// may be compressed is the session's matter. Compressing is the library's work, decompressing our own, for it must be strict.

import { deflateSync } from "fflate";
import { concatBytes, readU32, writeU32 } from "../bytes/index.js";
import { ProtocolError, misuse } from "../errors/index.js";
import { Compression, Limit } from "../gen/registry.js";
import { adler32, crc32 } from "./checksums.js";
import { inflate, undecodable } from "./inflate.js";

/** How a format wraps raw deflate. */
interface Format {
  wrap(deflated: Uint8Array, payload: Uint8Array): Uint8Array;
  /** @throws {ProtocolError} UNDECODABLE */
  unwrap(data: Uint8Array, size: number): Uint8Array;
}

const sizeBytes = 4;
const level = 6;

/** No optional part, no time, unknown system. */
const gzipHead = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255);
const gzipTailBytes = 8;
/** Window of 32 KiB, default level. */
const zlibHead = Uint8Array.of(0x78, 0x9c);
const zlibTailBytes = 4;
const dictionaryFlag = 0x20;

function u32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  writeU32(bytes, 0, value);
  return bytes;
}

function checkLength(data: Uint8Array, least: number): void {
  // r[compress.whole] also
  if (data.length < least) throw undecodable("whole", `${data.length} bytes, header and checksum alone are ${least}`);
}

function gunzip(data: Uint8Array, size: number): Uint8Array {
  checkLength(data, gzipHead.length + gzipTailBytes);
  // r[compress.gzip.header]
  if (readU32(data, 0) !== 0x1f8b0800)
    throw undecodable("gzip.header", "not the header of gzip without optional parts");
  const tail = data.length - gzipTailBytes;
  const payload = inflate(data.subarray(gzipHead.length, tail), size);
  const sums = data.slice(tail).toReversed();
  // r[compress.gzip.check]
  if (readU32(sums, 4) !== crc32(payload) || readU32(sums, 0) !== size) {
    throw undecodable("gzip.check", "CRC32 or ISIZE does not fit");
  }
  return payload;
}

function isZlibHead(method: number, flags: number): boolean {
  const fits = (method & 0x0f) === 8 && method >> 4 <= 7;
  return fits && ((method << 8) | flags) % 31 === 0 && (flags & dictionaryFlag) === 0;
}

function unzlib(data: Uint8Array, size: number): Uint8Array {
  checkLength(data, zlibHead.length + zlibTailBytes);
  // r[compress.zlib.header]
  if (!isZlibHead(data[0] as number, data[1] as number)) throw undecodable("zlib.header", "not a header of zlib");
  const tail = data.length - zlibTailBytes;
  const payload = inflate(data.subarray(zlibHead.length, tail), size);
  // r[compress.zlib.check]
  if (readU32(data, tail) !== adler32(payload)) throw undecodable("zlib.check", "ADLER32 does not fit");
  return payload;
}

const formats: ReadonlyMap<number, Format> = new Map<number, Format>([
  [Compression.DEFLATE, { wrap: (deflated) => deflated, unwrap: inflate }],
  [
    Compression.GZIP,
    {
      wrap: (deflated, payload) =>
        concatBytes(gzipHead, deflated, u32(crc32(payload)).toReversed(), u32(payload.length).toReversed()),
      unwrap: gunzip,
    },
  ],
  [
    Compression.ZLIB,
    { wrap: (deflated, payload) => concatBytes(zlibHead, deflated, u32(adler32(payload))), unwrap: unzlib },
  ],
]);

/** Compression ids that this implementation encodes and decodes, best first: the smallest wrapping. */
export const compressions: readonly number[] = [Compression.DEFLATE, Compression.ZLIB, Compression.GZIP];

/**
 * Compresses a payload into new bytes: original size, then data. `undefined` when it is not worth it, for being short or
 * for saving less than a sixteenth (r[compress.gain]).
 * @throws {ProtocolError} MISUSE for an id of no format
 */
export function compress(id: number, payload: Uint8Array): Uint8Array | undefined {
  const format = formats.get(id);
  if (format === undefined)
    throw misuse(`compression id ${id} is not implemented; use one of ${compressions.join(", ")}`);
  // r[compress.gain]
  if (payload.length < Limit.COMPRESS_MIN_BYTES) return undefined;
  const compressed = concatBytes(u32(payload.length), format.wrap(deflate(payload), payload));
  return (payload.length - compressed.length) * 16 < payload.length ? undefined : compressed;
}

/** Raw deflate of bytes, as new bytes. */
function deflate(payload: Uint8Array): Uint8Array {
  return deflateSync(payload, { level });
}

/**
 * Decompresses a payload into new bytes. Nothing is decompressed, and no memory taken, for a size that is refused.
 * @param limitBytes - the receive limit that was announced
 * @throws {ProtocolError} UNDECODABLE, TOO_LARGE (r[compress.limit])
 */
export function decompress(id: number, payload: Uint8Array, limitBytes: number): Uint8Array {
  const format = formats.get(id);
  // r[compress.listed] also: what is not implemented cannot be listed
  if (format === undefined) throw undecodable("listed", `compression id ${id} is not implemented`);
  const size = payload.length < sizeBytes ? 0 : readU32(payload, 0);
  // r[compress.size]
  if (payload.length < sizeBytes || size <= payload.length - sizeBytes) {
    throw undecodable(
      "size",
      `original size ${size} is not above the length of the data, ${payload.length - sizeBytes}`,
    );
  }
  // r[compress.limit]
  if (size > limitBytes) {
    throw new ProtocolError("TOO_LARGE", `a payload of ${size} bytes, compressed, where ${limitBytes} are taken`, {
      rule: "compress.limit",
    });
  }
  return format.unwrap(payload.subarray(sizeBytes), size);
}
