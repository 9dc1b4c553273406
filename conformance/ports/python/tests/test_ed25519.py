"""Ed25519: vectors of RFC 8032, section 7.1, and the checks of section 1.2."""

import os
import time
import unittest

from motet_voice import ed25519
from motet_voice.ed25519 import L, P, SigningKey, valid_encoding, verify

# Seed, public key, message, signature.
RFC_8032 = (
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
        "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
        "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
)


class Ed25519(unittest.TestCase):
    def test_rfc_8032(self) -> None:
        for seed, public, message, signature in RFC_8032:
            key = SigningKey(bytes.fromhex(seed))
            self.assertEqual(key.public.hex(), public)
            self.assertEqual(key.sign(bytes.fromhex(message)).hex(), signature)
            self.assertTrue(verify(key.public, bytes.fromhex(message), bytes.fromhex(signature)))

    def test_random(self) -> None:
        for _ in range(20):
            key, message = SigningKey(os.urandom(32)), os.urandom(40)
            signature = key.sign(message)
            self.assertTrue(verify(key.public, message, signature))
            for bit in (0, 200, 255, 256, 400):
                broken = bytearray(signature)
                broken[bit // 8] ^= 1 << bit % 8
                self.assertFalse(verify(key.public, message, bytes(broken)))
            self.assertFalse(verify(key.public, message + b"!", signature))

    def test_s_out_of_range(self) -> None:
        key = SigningKey(bytes(32))
        signature = key.sign(b"")
        s = int.from_bytes(signature[32:], "little") + L
        self.assertFalse(verify(key.public, b"", signature[:32] + s.to_bytes(32, "little")))

    def test_encodings(self) -> None:
        for y in (0, 1, P - 1, P, P + 1, 2**255 - 1):
            for sign in (0, 1 << 255):
                self.assertFalse(valid_encoding((y | sign).to_bytes(32, "little")))
        for y in (2, 3, P - 2):
            self.assertTrue(valid_encoding(y.to_bytes(32, "little")))
        self.assertFalse(valid_encoding(bytes(31)))

    def test_no_point(self) -> None:
        found = False
        for y in range(2, 40):
            data = y.to_bytes(32, "little")
            if ed25519._decode(data) is None:
                found = True
                self.assertFalse(verify(data, b"", bytes([3]) + bytes(63)))
        self.assertTrue(found)

    def test_mixed_order_key(self) -> None:
        """A + T with T of order 2: (-x, -y). The equation holds exactly when k is even, whatever the cofactor says."""
        scalar, point = 12345, ed25519._base_multiple(12345)
        a = int.from_bytes(ed25519._encode(point), "little")
        mixed = ed25519._encode((P - point[0], P - point[1], point[2], point[3]))
        self.assertNotEqual(a, int.from_bytes(mixed, "little"))
        import hashlib

        verdicts = set()
        for number in range(32):
            message, r = bytes([number]), ed25519._encode(ed25519._base_multiple(777))
            k = int.from_bytes(hashlib.sha512(r + mixed + message).digest(), "little") % L
            s = (777 + k * scalar) % L
            accepted = verify(mixed, message, r + s.to_bytes(32, "little"))
            self.assertEqual(accepted, k % 2 == 0)
            verdicts.add(accepted)
        self.assertEqual(verdicts, {True, False})

    def test_speed(self) -> None:
        key = SigningKey(bytes(32))
        signature = key.sign(b"")
        started = time.process_time()
        for _ in range(50):
            verify(key.public, b"", signature)
        self.assertLess((time.process_time() - started) / 50, 0.01)
