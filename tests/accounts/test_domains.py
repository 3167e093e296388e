"""The address of a shop, in the ways people write it."""

from __future__ import annotations

import pytest

from accounts.domains import NotAShop, normal_domain, shop_name


@pytest.mark.parametrize(
    "given",
    [
        "kaveri-1.myshopify.com",
        " KAVERI-1.MyShopify.com ",
        "https://kaveri-1.myshopify.com",
        "https://kaveri-1.myshopify.com/",
        "http://kaveri-1.myshopify.com/admin",
        "https://admin.shopify.com/store/kaveri-1",
        "admin.shopify.com/store/kaveri-1/settings/domains?x=1",
    ],
)
def test_a_shop_is_recognised(given: str) -> None:
    assert normal_domain(given) == "kaveri-1.myshopify.com"


@pytest.mark.threat(8)
@pytest.mark.parametrize(
    "given",
    [
        "",
        "kaveri",
        "kaveri.example.com",
        "myshopify.com",
        ".myshopify.com",
        "-kaveri.myshopify.com",
        "ka_veri.myshopify.com",
        "a.kaveri.myshopify.com",
        "kaveri.myshopify.com.evil.example",
        "kaveri.myshopify.com\nevil",
        "kaveri.myshopify.com:8080",
        "kaveri.myshopify.com@evil.example",
        "user@kaveri.myshopify.com",
        "kaveri.myshopify.com/evil",
        "kaveri.myshopify.com#x",
        "ftp://kaveri.myshopify.com",
        "https://evil.example/kaveri.myshopify.com",
        "admin.shopify.com/store/",
        "kaveri\uff0emyshopify.com",
        "\u212aaveri.myshopify.com",
        "k\u00e4veri.myshopify.com",
        "a" * 61 + ".myshopify.com",
        "127.0.0.1",
    ],
)
def test_anything_else_is_refused(given: str) -> None:
    with pytest.raises(NotAShop):
        normal_domain(given)


def test_the_longest_name_is_a_shop() -> None:
    domain = "a" * 60 + ".myshopify.com"

    assert normal_domain(domain) == domain


def test_a_shop_has_a_name_until_it_tells_its_own() -> None:
    assert shop_name("kaveri-handlooms.myshopify.com") == "Kaveri Handlooms"
