"""Sessions over TLS: binding, half-close, ALPN, versions, policies."""

from __future__ import annotations

import asyncio
import ssl

from motet_voice import address as addresses
from motet_voice import certificate
from motet_voice.tls import Credentials

from .cases import NodeCase
from .raw import network


class Tls(NodeCase):
    scheme = "tls"

    async def test_pair(self) -> None:
        for policy in (0, 1):
            first, _ = await self.start(network(policy))
            second, address = await self.start(network(policy))
            first.dial(address, second.identity.node_id)
            await self.until(2, "peer.up")
            for _ in range(20):
                first.mesh.publish("c", bytes(400_000))
                await asyncio.sleep(0)
            self.assertEqual(len(await self.until(20, "delivered")), 20)
            await first.stop()
            self.assertEqual({m["code"] for m in await self.until(2, "peer.down")}, {"CLOSED"})
            await self.asyncTearDown()
            self.setUp()

    async def test_rivals(self) -> None:
        """Both directions of the session that goes end one by one."""
        first, a = await self.start()
        second, b = await self.start()
        first.dial(b)
        second.dial(a)
        await self.until(2, "peer.up")
        for _ in range(200):
            if len(first._sessions) + len(second._sessions) == 2:
                break
            await asyncio.sleep(0.01)
        self.assertEqual((len(first._sessions), len(second._sessions)), (1, 1))
        self.assertFalse([e for e in self.events if e[1] == "peer.down"])

    async def test_plain_where_required(self) -> None:
        first, _ = await self.start(network(1))
        _, address = await self.start(network(1))
        first.dial(address.replace("tls:", "tcp:"))
        self.assertEqual((await self.until(1, "refused"))[0]["role"], "initiator")

    async def test_foreign_clients(self) -> None:
        _, address = await self.start()
        place = addresses.parse(address)
        for version, protocols in ((ssl.TLSVersion.TLSv1_2, ["motet"]), (ssl.TLSVersion.TLSv1_3, ["http/1.1"])):
            context = ssl.create_default_context()
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            context.maximum_version = version
            context.set_alpn_protocols(protocols)
            try:
                reader, writer = await asyncio.open_connection(place.host, place.port, ssl=context)
                self.assertEqual(await asyncio.wait_for(reader.read(), 5), b"")
                writer.close()
            except OSError:  # ``ssl.SSLError`` is one
                pass
        self.assertEqual(self.events, [])  # a responder reports nothing of either

    async def test_own_certificate(self) -> None:
        first, _ = await self.start()
        second, _ = await self.start()
        address = (await second.listen(["tls://[::1]:0"], Credentials.of(*certificate.self_signed())))[-1]
        first.dial(address)
        await self.until(2, "peer.up")
