"""The codec: texts, descriptors, messages, frames, records and broadcasts."""

import unittest

from motet_voice import bech32m, broadcast, descriptor, frames, identifiers, messages, preface, record, registry
from motet_voice.descriptor import Descriptor, Network
from motet_voice.ed25519 import SigningKey
from motet_voice.errors import Refusal
from motet_voice.frame_reader import FrameReader

KEY = SigningKey(bytes(range(32)))
NETWORK = Network.of(Descriptor(b"demo").encode())


class Refusals(unittest.TestCase):
    def refused(self, code: str, call, *arguments) -> None:
        with self.assertRaises(Refusal) as caught:
            call(*arguments)
        self.assertEqual(caught.exception.code, code)


class Texts(Refusals):
    def test_bip_350(self) -> None:
        for text, valid in (
            ("a1lqfn3a", True),
            ("abcdef1l7aum6echk45nj3s0wdvt2fg8x9yrzpqzd3ryx", True),
            ("split1checkupstagehandshakeupstreamerranterredcaperredlc445v", True),
            ("?1v759aa", True),
            ("a12uel5l", False),  # Bech32
            ("in1muywd", False),
        ):
            part, _, data = text.rpartition("1")
            self.assertEqual(bech32m.verify(part, [bech32m._VALUES[c] for c in data]), valid, text)

    def test_ids(self) -> None:
        text = identifiers.node_id_text(KEY.public)
        self.assertEqual(len(text), 5 + 1 + 52 + 6)
        self.assertEqual(identifiers.node_id_of_text(text), KEY.public)
        network = identifiers.network_id_text(NETWORK.id)
        self.assertEqual(identifiers.network_id_of_text(network), NETWORK.id)
        last = "q" if text[-1] != "q" else "p"
        for wrong in (text.upper(), text[:-1], text + "q", text[:-1] + last, network, text.replace("1", "b", 1)):
            self.refused("BAD_TEXT", identifiers.node_id_of_text, wrong)
        self.refused("BAD_KEY", identifiers.node_id_of_text, bech32m.encode("motet", bytes(32)))


class Layouts(Refusals):
    def test_descriptor(self) -> None:
        data = Descriptor(b"demo").encode()
        self.assertEqual(data.hex(), "0101050210000258" + "00093a80" + "00080000" + "00010000" + "04" + b"demo".hex())
        self.assertEqual(descriptor.decode(data), Descriptor(b"demo"))
        for wrong in (data[:-1], data + b"x", b"\x02" + data[1:], data[:1] + b"\x08" + data[2:], b""):
            self.refused("MALFORMED", descriptor.decode, wrong)

    def test_record(self) -> None:
        data = record.encode(KEY, NETWORK, 1_000, 2_000, 7, b"")
        self.assertEqual(len(data), 120)
        self.assertEqual(record.decode(data, NETWORK).incarnation, 7)
        other = Network.of(Descriptor(b"other").encode())
        self.refused("BAD_RECORD", record.decode, data, other)
        self.refused("BAD_RECORD", record.decode, data[:-1], NETWORK)
        self.refused("MISUSE", record.encode, KEY, NETWORK, 2_000, 2_000, 7, b"")

    def test_broadcast(self) -> None:
        for policy in (0, 2):
            network = Network.of(Descriptor(b"demo", policy=policy).encode())
            payload = broadcast.payload_of(broadcast.encode(KEY, network, 5, 6, "news", b"hello"))
            envelope = broadcast.Envelope.cut(payload, network)
            envelope.check_signature()
            self.assertEqual(envelope.decode(), broadcast.Content(KEY.public, 5, 6, "news", b"hello"))
        self.refused("MALFORMED", broadcast.Envelope.cut, payload, NETWORK)
        self.refused("TOO_LARGE", broadcast.encode, KEY, NETWORK, 1, 1, "", bytes(524_288))

    def test_preface(self) -> None:
        self.assertEqual(preface.common_version(preface.encode(), preface.encode(1, 9)), 1)
        self.refused("NO_VERSION", preface.common_version, preface.encode(), preface.encode(2, 9))
        self.refused("NOT_MOTET", preface.check_start, b"GET")
        self.refused("MALFORMED", preface.decode, b"MOTET")


class Payloads(Refusals):
    def test_round_trip(self) -> None:
        value = {**messages.empty("PeerRecordBody"), "addresses": ["tcp://a:1"], "features": [1, 300]}
        self.assertEqual(messages.decode("PeerRecordBody", messages.encode("PeerRecordBody", value)), value)

    def test_edges(self) -> None:
        good = bytes.fromhex("0865")
        self.assertEqual(messages.decode("Goodbye", good)["code"], 101)
        self.assertEqual(messages.decode("Goodbye", bytes.fromhex("0800") + good)["code"], 101)
        self.assertEqual(messages.decode("Goodbye", bytes.fromhex("08e580808080808080807f"))["code"], 101)
        for wrong in ("", "08", "0864ff", "0a00", "1065", "086512", "08651201", "086512 01ff", "00", "0863", "0b0c",
                      "0865 1205 e0a0", "0865 1203 eda080", "08e5808080808080808080 01"):
            self.refused("MALFORMED", messages.decode, "Goodbye", bytes.fromhex(wrong))

    def test_error_codes(self) -> None:
        self.assertEqual(registry.error_name(303), "MALFORMED")
        self.assertEqual(registry.error_name(399), "PROTOCOL_ERROR")
        self.assertIsNone(registry.error_name(600))


class Frames(Refusals):
    def test_chunks(self) -> None:
        stream = frames.encode(registry.PING, b"", frames.REQUEST, 7) + frames.encode(registry.BROADCAST, b"abc", 0, 3)
        for size in (1, 3, 8, 50):
            reader, found = FrameReader(lambda header: frames.check(header, 100)), []
            for at in range(0, len(stream), size):
                reader.feed(stream[at : at + size])
                while frame := reader.next():
                    found.append((frame.header.command, frame.header.tag, frame.payload))
            self.assertEqual(found, [(registry.PING, 7, b""), (registry.BROADCAST, 3, b"abc")])

    def test_header(self) -> None:
        for code, text in (
            ("TOO_LARGE", "000065 00 0020 0000"),
            ("PROTOCOL_ERROR", "000000 10 0020 0000"),
            ("PROTOCOL_ERROR", "000000 40 8000 0000"),
            ("PROTOCOL_ERROR", "000000 a0 8000 0001"),
            ("PROTOCOL_ERROR", "000000 20 8000 0000"),
            ("PROTOCOL_ERROR", "000000 00 0003 0000"),
            ("PROTOCOL_ERROR", "000000 00 0001 0001"),
            ("PROTOCOL_ERROR", "000000 01 0020 0000"),
        ):
            header = frames.Header.decode(bytes.fromhex(text))
            self.refused(code, frames.check, header, 100)
        frames.check(frames.Header.decode(bytes.fromhex("000000 0f 0023 1234")), 100)  # reserved is unknown
