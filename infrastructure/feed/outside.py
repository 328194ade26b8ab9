"""Outside: which addresses a webhook may reach. Whoever names one must not make this machine knock on the city's doors.

Names are resolved here, each address is looked at, and the connection goes to that very address: a name that means
another one a moment later gains nothing. TLS still asks for the name.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

from httpcore import SOCKET_OPTION, AnyIOBackend, AsyncNetworkBackend, AsyncNetworkStream

from domain.feed_refusals import BadAddress

Network = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address
_NAT64 = IPv6Network("64:ff9b::/96")


class ForbiddenAddress(Exception):
    """A webhook's name means an address that it may not reach."""


class Outside(AsyncNetworkBackend):
    """Connects to public addresses, and to those in `networks` that the operator allows."""

    def __init__(self, networks: Sequence[Network]) -> None:
        self._networks, self._backend = tuple(networks), AnyIOBackend()

    def allows(self, address: Address) -> bool:
        """Whether a connection may go there. An address inside another is looked at as itself."""
        if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
            return self.allows(address.ipv4_mapped)
        if any(address in network for network in self._networks):
            return True
        if isinstance(address, IPv6Address) and (address.sixtofour or address.teredo or address in _NAT64):
            return False
        return address.is_global and not address.is_multicast

    def require_allowed(self, url: str) -> None:
        """Refuses `BadAddress` for an address out of bounds. What a name means is asked whenever it is used."""
        host = urlsplit(url).hostname or ""
        try:
            address = ip_address("127.0.0.1" if host == "localhost" else host)
        except ValueError:
            if "." in host and host.rpartition(".")[2][:1].isalpha():  # else it is an address written oddly
                return
            raise BadAddress(why="主机应为完整的域名或 IP 地址") from None
        if not self.allows(address):
            raise BadAddress(why="不得指向内部网络，除非管理员以 WANGGE_WEBHOOK_NETWORKS 允许")

    async def connect_tcp(
        self, host: str, port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the signature is httpcore's
        local_address: str | None = None,
        socket_options: Iterable[SOCKET_OPTION] | None = None,
    ) -> AsyncNetworkStream:  # fmt: skip
        """Raises `ForbiddenAddress` when one address of the name is out of bounds, `OSError` for an unknown name."""
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        addresses = [str(place[0]) for *_, place in found]
        if not addresses or not all(self.allows(ip_address(one)) for one in addresses):
            raise ForbiddenAddress(host)
        return await self._backend.connect_tcp(addresses[0], port, timeout, local_address, socket_options)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
