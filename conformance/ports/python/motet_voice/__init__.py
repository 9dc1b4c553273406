"""Motet, version 1, in Python: written from ``spec/``, ``proto/`` and ``vectors/`` alone, standard library only.

Modules from the bottom up: errors, registry, limits, octets, bech32m, ed25519, digests, identifiers, descriptor,
proto3, messages, record, preface, frames, frame_reader, proof, broadcast (the codec); clock, connection, identity,
hello, handshake, outbound, requests, session, rivals, peers, origins, unsigned, copies, mesh, node (the node).
"""

NAME = "motet-voice"
VERSION = "0.1.0"
