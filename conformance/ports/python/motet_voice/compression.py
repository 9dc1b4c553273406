"""Compressed payloads (section 2.5): original size, then data as raw deflate, gzip or zlib.

The format is judged by the zlib library, which refuses what RFC 1951 does not allow, and by the checks beside it.
"""

from __future__ import annotations

import zlib

from .errors import Refusal, misuse
from .limits import FIXED
from .octets import uint

DEFLATE, GZIP, ZLIB = 1, 2, 3
#: What this node decodes, best first.
SUPPORTED = (DEFLATE, ZLIB, GZIP)

_WINDOW_BITS = {DEFLATE: -15, GZIP: 31, ZLIB: 15}
_SIZE_BYTES = 4
_GZIP_START = bytes.fromhex("1f8b0800")
_LEAST_GAIN = 16


def decompress(compression: int, payload: bytes, limit: int) -> bytes:
    """The original payload; a broken one is UNDECODABLE, one above ``limit`` TOO_LARGE before it is decompressed."""
    size, data = int.from_bytes(payload[:_SIZE_BYTES], "big"), payload[_SIZE_BYTES:]
    if compression not in _WINDOW_BITS:  # r[compress.listed]
        raise _undecodable("unknown compression")
    if len(payload) < _SIZE_BYTES or size <= len(data):  # r[compress.size]
        raise _undecodable("original size")
    if size > limit:  # r[compress.limit]
        raise Refusal("TOO_LARGE", "original size")
    return inflate(compression, data, size)


def inflate(compression: int, data: bytes, size: int) -> bytes:
    """Data that must decompress to exactly ``size`` bytes; never takes room for more than one byte beyond."""
    if compression == GZIP and data[:4] != _GZIP_START:  # r[compress.gzip.header]
        raise _undecodable("gzip header")
    if compression == ZLIB and not _zlib_header(data):
        raise _undecodable("zlib header")
    stream = zlib.decompressobj(_WINDOW_BITS[compression])
    try:  # r[compress.deflate], r[compress.gzip.check], r[compress.zlib.check]
        original = stream.decompress(data, size + 1)
    except zlib.error as error:
        raise _undecodable(str(error)) from None
    if len(original) != size:  # r[compress.exact]
        raise _undecodable("not original size bytes")
    if not stream.eof or stream.unused_data:  # r[compress.whole]
        raise _undecodable("end of the data")
    return original


def compress(compression: int, payload: bytes) -> bytes:
    """The payload as sent; one that gains nothing by it is MISUSE."""
    if compression not in _WINDOW_BITS:
        raise misuse("unknown compression")
    sent = uint(len(payload), _SIZE_BYTES) + deflate(payload, compression)
    if not worth(payload, len(sent), FIXED.COMPRESS_MIN_BYTES):
        raise misuse("gains nothing")
    return sent


def deflate(payload: bytes, compression: int = DEFLATE) -> bytes:
    """The data alone."""
    stream = zlib.compressobj(wbits=_WINDOW_BITS[compression])
    return stream.compress(payload) + stream.flush()


def worth(payload: bytes, as_sent: int, least_bytes: int) -> bool:
    """r[compress.gain], r[mesh.compressed.gain]: long enough, and a sixteenth is saved."""
    return len(payload) >= least_bytes and (len(payload) - as_sent) * _LEAST_GAIN >= len(payload)


def _zlib_header(data: bytes) -> bool:
    """r[compress.zlib.header]: method 8, window up to 32 KiB, multiple of 31, no preset dictionary."""
    if len(data) < 2:
        return False
    return data[0] & 0x0F == 8 and data[0] >> 4 <= 7 and (data[0] << 8 | data[1]) % 31 == 0 and not data[1] & 0x20


def _undecodable(text: str) -> Refusal:
    return Refusal("UNDECODABLE", text)
