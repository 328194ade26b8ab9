"""Which addresses a webhook may name and reach: public ones, and what the operator allows."""

from __future__ import annotations

import asyncio
from ipaddress import ip_address, ip_network

import pytest

from domain.feed_refusals import BadAddress
from domain.registry.webhook import hook_address
from infrastructure.feed.outside import ForbiddenAddress, Outside

INSIDE = [
    "10.1.2.3", "172.16.0.1", "192.168.1.1", "127.0.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",  # noqa: S104
    "255.255.255.255", "198.18.0.1", "::1", "::", "fe80::1", "fd00::1", "ff02::1", "::ffff:10.0.0.1", "2002:a00:1::",
    "64:ff9b::a00:1", "2001:0:a00:1::",
]  # fmt: skip
OUTSIDE = ["8.8.8.8", "223.5.5.5", "2400:3200::1", "::ffff:8.8.8.8"]
CLOSED, OPEN = Outside(()), Outside([ip_network("10.20.0.0/16"), ip_network("127.0.0.0/8")])


@pytest.mark.parametrize("address", INSIDE)
def test_no_address_inside_is_reached(address: str) -> None:
    assert not CLOSED.allows(ip_address(address))


@pytest.mark.parametrize("address", OUTSIDE)
def test_public_addresses_are(address: str) -> None:
    assert CLOSED.allows(ip_address(address))


def test_what_the_operator_allows_is_reached_and_its_neighbours_are_not() -> None:
    assert OPEN.allows(ip_address("10.20.3.4"))
    assert OPEN.allows(ip_address("::ffff:10.20.3.4"))
    assert not OPEN.allows(ip_address("10.21.3.4"))


def test_a_name_that_means_an_address_inside_is_not_connected_to() -> None:
    with pytest.raises(ForbiddenAddress):
        asyncio.run(CLOSED.connect_tcp("localhost", 80))


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/x", "https://[::1]/x", "https://10.0.0.1", "https://169.254.169.254/latest", "https://2130706433/",
        "https://0x7f.1/", "https://127.1/", "https://localhost/", "https://intranet/",
    ],
)  # fmt: skip
def test_an_address_inside_is_refused_when_it_is_named(url: str) -> None:
    with pytest.raises(BadAddress):
        CLOSED.require_allowed(hook_address(url))


@pytest.mark.parametrize("url", ["https://data.example.org/wangge", "https://8.8.8.8:8443/", "https://a.b"])
def test_an_address_outside_is_taken(url: str) -> None:
    CLOSED.require_allowed(hook_address(url))


@pytest.mark.parametrize(
    "url",
    [
        "http://data.example.org/", "ftp://data.example.org/", "https://user:word@data.example.org/",
        "https://data.example.org/?key=1", "https://data.example.org/#a", "https://data.example.org:0/",
        "https://data.example.org:70000/", "https:///x", "https://-a.org/", "https://data.example.org/\nHost: b", "",
        "https://data.example.org/网格",
    ],
)  # fmt: skip
def test_what_is_no_address_or_carries_a_secret_is_refused(url: str) -> None:
    with pytest.raises(BadAddress):
        hook_address(url)
