"""Ed25519 (RFC 8032) with the exact checks of section 1.2, on Python integers.

Points are in extended coordinates (X, Y, Z, T), T = XY/Z. A multiple of the base point is a sum over a table of its
positions; a multiple of a key runs over four quarters of the scalar at once, with tables kept in a cache. The
equation is checked without cofactor: R is compared with the encoding of [S]B - [k]A, which is the same as decoding R,
since r[sig.r.valid] leaves no second encoding of a point.

Python's integers take time that depends on their value: this file is for judging implementations, not for keys that
somebody on the same machine would like to have.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, -1, P) % P
_SQRT_M1 = pow(2, (P - 1) // 4, P)
_CACHED_KEYS = 2048

Point = tuple[int, int, int, int]
#: (y + x, y - x, 2dxy) of a point with Z = 1, or (Y + X, Y - X, 2dT, 2Z) of any point: what an addition needs of it.
Affine = tuple[int, int, int]
Cached = tuple[int, int, int, int]

_IDENTITY: Point = (0, 1, 1, 0)
#: The values of y that r[id.key.valid] refuses.
_SMALL_ORDER = frozenset(
    int.from_bytes(bytes.fromhex(text), "little")
    for text in (
        "00" * 32,
        "01" + "00" * 31,
        "ec" + "ff" * 30 + "7f",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    )
)


def valid_encoding(data: bytes) -> bool:
    """The byte comparisons of r[id.key.valid]: 32 bytes, y < p, none of the five values."""
    y = int.from_bytes(data, "little") & (1 << 255) - 1
    return len(data) == 32 and y < P and y not in _SMALL_ORDER


def _double(p: Point) -> Point:
    x, y, z, _ = p
    a, b = x * x % P, y * y % P
    h = a + b
    e = h - (x + y) ** 2
    g = a - b
    f = 2 * z * z + g
    return e * f % P, g * h % P, f * g % P, e * h % P


def _add(p: Point, q: Cached) -> Point:
    x, y, z, t = p
    sum_, difference, t2d, z2 = q
    a, b = (y - x) * difference % P, (y + x) * sum_ % P
    c, d = t * t2d % P, z * z2 % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def _cached(p: Point) -> Cached:
    x, y, z, t = p
    return (y + x) % P, (y - x) % P, 2 * _D * t % P, 2 * z % P


def _encode(p: Point) -> bytes:
    inverse = pow(p[2], -1, P)
    x, y = p[0] * inverse % P, p[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def _decode(data: bytes) -> Point | None:
    """The point of 32 bytes that pass ``valid_encoding`` (so x is never 0), or None when they are none of the curve."""
    value = int.from_bytes(data, "little")
    sign, y = value >> 255, value & (1 << 255) - 1
    u, v = (y * y - 1) % P, (_D * y * y + 1) % P
    x = u * v**3 * pow(u * v**7 % P, (P - 5) // 8, P) % P
    check = v * x * x % P
    if check == P - u:
        x = x * _SQRT_M1 % P
    elif check != u:
        return None
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


def _base_table() -> list[list[Affine]]:
    """For each of 64 positions the multiples 1…15 of 16^i B, as affine points; one inversion for all of them."""
    y = 4 * pow(5, -1, P) % P
    base = _decode(y.to_bytes(32, "little"))
    assert base is not None
    points: list[Point] = []
    for _ in range(64):
        step, point = _cached(base), base
        for _ in range(15):
            points.append(point)
            point = _add(point, step)
        base = point
    products, product = [], 1
    for point in points:
        products.append(product)
        product = product * point[2] % P
    inverse = pow(product, -1, P)
    affine: list[Affine] = [(0, 0, 0)] * len(points)
    for index in reversed(range(len(points))):
        px, py, pz, _ = points[index]
        z_inverse = inverse * products[index] % P
        inverse = inverse * pz % P
        x, y = px * z_inverse % P, py * z_inverse % P
        affine[index] = ((y + x) % P, (y - x) % P, 2 * _D * x * y % P)
    return [affine[i * 15 : i * 15 + 15] for i in range(64)]


_table: list[list[Affine]] = []


def _base_multiple(scalar: int) -> Point:
    if not _table:
        _table.extend(_base_table())
    x, y, z, t = _IDENTITY
    for row in _table:
        digit = scalar & 15
        scalar >>= 4
        if digit:
            sum_, difference, t2d = row[digit - 1]
            a, b, c, d = (y - x) * difference % P, (y + x) * sum_ % P, t * t2d % P, 2 * z
            e, f, g, h = b - a, d - c, d + c, b + a
            x, y, z, t = e * f % P, g * h % P, f * g % P, e * h % P
    return x, y, z, t


_keys: OrderedDict[bytes, list[list[Cached]] | None] = OrderedDict()


def _multiples(point: Point) -> list[Cached]:
    """The multiples 0…15 of a point."""
    step, sums = _cached(point), [_IDENTITY]
    for _ in range(15):
        sums.append(_add(sums[-1], step))
    return [_cached(s) for s in sums]


def _negated_tables(key: bytes) -> list[list[Cached]] | None:
    """Multiples of -A, -2^64 A, -2^128 A and -2^192 A; None when the key is no point. Kept for the keys used last."""
    if key in _keys:
        _keys.move_to_end(key)
        return _keys[key]
    point = _decode(key)
    tables: list[list[Cached]] | None = None
    if point is not None:
        point, tables = (P - point[0], point[1], 1, P - point[3]), []
        for quarter in range(4):
            for _ in range(64 if quarter else 0):
                point = _double(point)
            tables.append(_multiples(point))
    _keys[key] = tables
    if len(_keys) > _CACHED_KEYS:
        _keys.popitem(last=False)
    return tables


def _multiple(tables: list[list[Cached]], scalar: int) -> Point:
    """The multiple by all four tables at once (Straus): 60 doublings, one addition for each four bits."""
    point = _IDENTITY
    for step in range(16):
        x, y, z, t = point
        for _ in range(4 if step else 0):
            a, b = x * x % P, y * y % P
            h = a + b
            e = h - (x + y) ** 2
            g = a - b
            f = 2 * z * z + g
            x, y, z, t = e * f % P, g * h % P, f * g % P, e * h  # only the last T is needed: reduced below
        point = x, y, z, t % P
        shift = 60 - 4 * step
        for quarter in range(4):
            point = _add(point, tables[quarter][scalar >> shift + 64 * quarter & 15])
    return point


def verify(key: bytes, message: bytes, signature: bytes) -> bool:
    """r[sig.s.range], r[sig.r.valid], r[sig.key.valid], r[sig.equation]; never raises."""
    if len(signature) != 64 or not valid_encoding(key):
        return False
    r, s = signature[:32], int.from_bytes(signature[32:], "little")
    if s >= L or not valid_encoding(r):
        return False
    tables = _negated_tables(key)
    if tables is None:
        return False
    k = int.from_bytes(hashlib.sha512(r + key + message).digest(), "little") % L
    return _encode(_add(_base_multiple(s), _cached(_multiple(tables, k)))) == r


class SigningKey:
    """An Ed25519 private key: the 32-byte seed of RFC 8032, section 5.1.5."""

    def __init__(self, seed: bytes) -> None:
        digest = hashlib.sha512(seed).digest()
        self._scalar = int.from_bytes(digest[:32], "little") & (1 << 254) - 8 | 1 << 254
        self._prefix = digest[32:]
        self.public = _encode(_base_multiple(self._scalar))

    def sign(self, message: bytes) -> bytes:
        """The 64 bytes R ‖ S of RFC 8032, section 5.1.6."""
        nonce = int.from_bytes(hashlib.sha512(self._prefix + message).digest(), "little") % L
        r = _encode(_base_multiple(nonce))
        k = int.from_bytes(hashlib.sha512(r + self.public + message).digest(), "little") % L
        return r + ((nonce + k * self._scalar) % L).to_bytes(32, "little")
