// The curve of Ed25519 with BigInt, for making signatures that no library makes: points of small order, keys of mixed order,
// encodings that are not canonical, equations that hold with the cofactor only. Slow and not constant in time: never for secrets.
import { littleEndian, ORDER, PRIME, sha512, toLittleEndian, type Bytes } from "../golden/index.js";

export interface Point {
  readonly x: bigint;
  readonly y: bigint;
}

const mod = (value: bigint, by: bigint = PRIME): bigint => ((value % by) + by) % by;

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  let square = mod(base);
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = mod(result * square);
    square = mod(square * square);
  }
  return result;
}

const inverse = (value: bigint): bigint => power(value, PRIME - 2n);
const D = mod(-121665n * inverse(121666n));
const ROOT_OF_MINUS_ONE = power(2n, (PRIME - 1n) / 4n);

export const ZERO: Point = { x: 0n, y: 1n };

export function add(a: Point, b: Point): Point {
  const product = mod(D * a.x * b.x * a.y * b.y);
  const x = mod((a.x * b.y + b.x * a.y) * inverse(1n + product));
  const y = mod((a.y * b.y + a.x * b.x) * inverse(1n - product));
  return { x, y };
}

export const negate = ({ x, y }: Point): Point => ({ x: mod(-x), y });

/** Extended coordinates: x = X/Z, y = Y/Z, xy = T/Z. They spare the inversion of every single addition. */
type Extended = readonly [bigint, bigint, bigint, bigint];

function addExtended([x1, y1, z1, t1]: Extended, [x2, y2, z2, t2]: Extended): Extended {
  const a = mod((y1 - x1) * (y2 - x2));
  const b = mod((y1 + x1) * (y2 + x2));
  const c = mod(2n * D * t1 * t2);
  const d = mod(2n * z1 * z2);
  const [e, f, g, h] = [b - a, d - c, d + c, b + a];
  return [mod(e * f), mod(g * h), mod(f * g), mod(e * h)];
}

export function multiply(point: Point, times: bigint): Point {
  let result: Extended = [0n, 1n, 1n, 0n];
  let double: Extended = [point.x, point.y, 1n, mod(point.x * point.y)];
  for (let rest = times; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = addExtended(result, double);
    double = addExtended(double, double);
  }
  const scale = inverse(result[2]);
  return { x: mod(result[0] * scale), y: mod(result[1] * scale) };
}

export const samePoint = (a: Point, b: Point): boolean => a.x === b.x && a.y === b.y;

/** The x with this low bit for a y, or undefined when no point has this y. */
export function recoverX(y: bigint, sign: number): bigint | undefined {
  const squareY = mod(y * y);
  const square = mod((squareY - 1n) * inverse(D * squareY + 1n));
  let x = power(square, (PRIME + 3n) / 8n);
  if (mod(x * x) !== square) x = mod(x * ROOT_OF_MINUS_ONE);
  if (mod(x * x) !== square || (x === 0n && sign === 1)) return undefined;
  return (x & 1n) === BigInt(sign) ? x : mod(-x);
}

export function encodePoint({ x, y }: Point): Bytes {
  return toLittleEndian(y | ((x & 1n) << 255n));
}

/** Decodes 32 bytes; undefined when y is not on the curve. A y above p is reduced, as lax libraries do. */
export function decodePoint(bytes: Bytes): Point | undefined {
  const number = littleEndian(bytes);
  const y = mod(number & (2n ** 255n - 1n));
  const x = recoverX(y, Number(number >> 255n));
  return x === undefined ? undefined : { x, y };
}

const baseY = mod(4n * inverse(5n));
export const BASE: Point = { x: recoverX(baseY, 0) as bigint, y: baseY };

/** A point of order 8: the torsion part of some point, found by counting up y. */
function findTorsion(): Point {
  for (let y = 2n; ; y++) {
    const x = recoverX(y, 0);
    if (x === undefined) continue;
    const torsion = multiply({ x, y }, ORDER);
    if (!samePoint(multiply(torsion, 4n), ZERO)) return torsion;
  }
}

/** The eight points of small order, as multiples of one of order 8: entry 0 is the neutral one, entry 4 has order 2. */
export function smallOrderPoints(): Point[] {
  const generator = findTorsion();
  return Array.from({ length: 8 }, (_, times) => multiply(generator, BigInt(times)));
}

/** The secret scalar of a seed (RFC 8032). */
export function scalarOf(seed: Bytes): bigint {
  const half = sha512(seed).slice(0, 32);
  half[0] = (half[0] ?? 0) & 0xf8;
  half[31] = ((half[31] ?? 0) & 0x7f) | 0x40;
  return littleEndian(half);
}

/** k = SHA-512(R ‖ A ‖ message) mod L. */
export function challenge(r: Bytes, a: Bytes, message: Bytes): bigint {
  return littleEndian(sha512(r, a, message)) % ORDER;
}

/** [S]B = R + [k]A over the points that the bytes decode to; `cofactor` 8 multiplies both sides. */
export function equationHolds(a: Bytes, message: Bytes, signature: Bytes, cofactor = 1n): boolean {
  const r = signature.slice(0, 32);
  const [pointA, pointR] = [decodePoint(a), decodePoint(r)];
  if (pointA === undefined || pointR === undefined) return false;
  const left = multiply(BASE, littleEndian(signature.slice(32)));
  const right = add(pointR, multiply(pointA, challenge(r, a, message)));
  return samePoint(multiply(left, cofactor), multiply(right, cofactor));
}
