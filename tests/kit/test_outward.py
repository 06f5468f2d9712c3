"""Which addresses events may go to: tables of hostile ones, by text and by what a name leads to."""

import pytest

from diwan.kit.errors import InvalidValue
from diwan.kit.outward import is_open, read_target

PORTS = (443, 8443)

CLOSED = [
    "0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.100.100.200", "127.0.0.1", "127.255.0.9",
    "169.254.169.254", "169.254.170.2", "172.16.0.1", "172.31.255.255", "192.0.0.192", "192.0.2.7", "192.88.99.1",
    "192.168.1.1", "198.18.0.1", "198.51.100.2", "203.0.113.9", "224.0.0.1", "239.1.1.1", "240.0.0.1",
    "255.255.255.255", "168.63.129.16",
    "::", "::1", "::7f00:1", "::8.8.8.8", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:a9fe:a9fe",
    "::ffff:0:127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::169.254.169.254", "64:ff9b:1::10.0.0.1", "100::1",
    "2001::1", "2001:0:4136:e378::1", "2001:db8::1", "2002:7f00:1::1", "2002:0a00:0001::", "3fff::1", "5f00::1",
    "fc00::1", "fd00:ec2::254", "fe80::1", "fe80::1%eth0", "2600::1%1", "fec0::1", "ff02::1",
    "", "localhost", "1.1.1", "0x7f.1", "08.8.8.8", "8.8.8.8 ", "8.8.8.8/32",
]  # fmt: skip


@pytest.mark.parametrize("address", CLOSED)
def test_no_connection_goes_inside_a_network(address: str) -> None:
    assert not is_open(address)


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8", "100.63.255.255", "172.32.0.1", "192.0.1.1", "2606:4700::1111", "2a00:1450::1", "::ffff:8.8.8.8",
     "64:ff9b::808:808"],
)  # fmt: skip
def test_the_internet_is_open(address: str) -> None:
    assert is_open(address)


def test_this_machine_only_where_it_is_allowed_and_nothing_else_with_it() -> None:
    assert is_open("127.0.0.1", loopback=True) and is_open("::1", loopback=True)
    assert not any(
        is_open(address, loopback=True) for address in ("10.0.0.1", "169.254.169.254", "0.0.0.0", "fe80::1")
    )


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("", "address"), ("partner.example", "address"), ("//partner.example/", "address"),
        ("ftp://partner.example/", "address"), ("file:///etc/passwd", "address"),
        ("gopher://partner.example", "address"),
        ("javascript:alert(1)", "address"), ("https://", "address"), ("https:///x", "address"),
        ("http://partner.example/", "https"), ("http://127.0.0.1/", "https"), ("HTTP://partner.example", "https"),
        ("https://user@partner.example/", "credentials"), ("https://u:p@partner.example/", "credentials"),
        ("https://8.8.8.8@127.0.0.1/", "credentials"), ("https://@partner.example/", "credentials"),
        ("https://partner.example:22/", "port"), ("https://partner.example:80/", "port"),
        ("https://partner.example:0/", "port"), ("https://partner.example:99999/", "address"),
        ("https://partner.example:x/", "address"), ("https://partner.example/a b", "address"),
        ("https://partner.example/\r\nX: y", "address"), ("https://partner.example\\@127.0.0.1/", "address"),
        ("https://partner.example/#part", "address"), ("https://شريك.example/", "address"),
        ("https://127.0.0.1/", "not_public"), ("https://[::1]/", "not_public"),
        ("https://[::ffff:127.0.0.1]/", "not_public"),
        ("https://169.254.169.254/latest/meta-data", "not_public"), ("https://[fd00:ec2::254]/", "not_public"),
        ("https://10.1.2.3:8443/", "not_public"), ("https://127.1/", "address"), ("https://2130706433/", "address"),
        ("https://0x7f000001/", "address"), ("https://0177.0.0.1/", "address"), ("https://127.0.0.1./", "address"),
        ("https://partner..example/", "address"), ("https://-partner.example/", "address"),
        ("https://part%6eer.example/", "address"), ("https://[fe80::1%25eth0]/", "not_public"),
        ("https://partner.example/" + "x" * 500, "address"),
    ],
)  # fmt: skip
def test_an_address_that_cannot_be_meant_is_refused_with_its_reason(address: str, code: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        read_target(address, ports=PORTS)
    assert refused.value.code == f"outward.{code}"


def test_an_address_is_taken_apart() -> None:
    found = read_target("https://Partner.example:8443/in?x=1", ports=PORTS)
    assert (found.scheme, found.host, found.port, found.path) == ("https", "partner.example", 8443, "/in?x=1")
    assert read_target("https://partner.example", ports=PORTS).path == "/"
    assert read_target("https://[2606:4700::1111]/", ports=PORTS).host == "2606:4700::1111"


def test_with_loopback_plain_http_reaches_this_machine_and_no_other() -> None:
    assert read_target("http://127.0.0.1:9126/events", ports=PORTS, loopback=True).port == 9126
    assert read_target("http://localhost/", ports=PORTS, loopback=True).port == 80
    for address in ("http://partner.example/", "http://10.0.0.1/", "http://127.0.0.1.partner.example/"):
        with pytest.raises(InvalidValue):
            read_target(address, ports=PORTS, loopback=True)
