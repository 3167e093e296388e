"""The demo store's buyers: invented names, invented streets, mail addresses nobody can have."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any

from xenofy.demo import identifiers, places
from xenofy.demo.amounts import CURRENCY
from xenofy.demo.calendar import local
from xenofy.demo.places import Place

_FIRST = (
    *("Aarohi", "Aditi", "Ahalya", "Ananya", "Anika", "Arjun", "Asha", "Bhavana", "Chitra"),
    *("Damini", "Deepa", "Devika", "Farah", "Gauri", "Hema", "Imran", "Indira", "Isha", "Jaya"),
    *("Kabir", "Kamala", "Kavya", "Keerthi", "Lakshmi", "Lata", "Leela", "Madhavi", "Mahesh"),
    *("Malini", "Meenakshi", "Mira", "Nalini", "Nandini", "Neha", "Nikhil", "Nisha", "Padma"),
    *("Pallavi", "Parvati", "Pooja", "Priya", "Radhika", "Ragini", "Rohan", "Roshni", "Sahana"),
    *("Saira", "Sandhya", "Sarita", "Shalini", "Shreya", "Sneha", "Sunita", "Tanvi", "Tara"),
    *("Uma", "Urvashi", "Vaishnavi", "Varsha", "Vidya", "Vikram", "Yamini", "Zoya", "José"),
)
_LAST = (
    *("Acharya", "Banerjee", "Bhat", "Chandran", "Chatterjee", "Chowdhury", "D'Souza", "Das"),
    *("Desai", "Deshpande", "Fernandes", "Gokhale", "Gowda", "Gupta", "Hegde", "Iyengar", "Iyer"),
    *("Jain", "Jha", "Joshi", "Kamath", "Kapoor", "Kaur", "Khan", "Kulkarni", "Kumar", "Mehta"),
    *("Menon", "Mishra", "Murthy", "Naidu", "Nair", "Pai", "Patel", "Patil", "Pillai", "Prasad"),
    *("Rajan", "Rao", "Reddy", "Saxena", "Sen", "Sethi", "Shah", "Sharma", "Shetty", "Singh"),
    *("Srinivasan", "Subramanian", "Thomas", "Varma", "Verma", "Yadav"),
)
_TREES = (
    *("Neem", "Tamarind", "Banyan", "Gulmohar", "Jackfruit", "Peepal", "Champak", "Areca"),
    *("Jamun", "Rosewood", "Mahua", "Kadamba", "Silk Cotton", "Coral Tree", "Rain Tree"),
)
_WAYS = ("Lane", "Cross", "Main Road", "Street", "Layout", "Colony", "Enclave", "Gardens")
_MAIL = ("example.com", "example.net", "example.org")  # reserved by RFC 2606


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who buys; `number` is Shopify's id of the customer."""

    number: int
    first_name: str
    last_name: str
    email: str
    phone: str | None
    street: str
    postal_code: str | None
    place: Place
    wants_mail: bool

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"

    @property
    def presentment(self) -> str:
        """Return the currency in which the person sees prices."""
        return self.place.currency


def person(index: int, rng: Random) -> Person:
    """Return the person of an index; `rng` is used for nothing else."""
    first, last = rng.choice(_FIRST), rng.choice(_LAST)
    place = places.choose(rng)
    handle = f"{first}.{last}".lower().replace("'", "").replace("é", "e")
    return Person(
        number=identifiers.customer(index),
        first_name=first,
        last_name=last,
        email=f"{handle}.{index % 100_000}@{rng.choice(_MAIL)}",
        phone=places.phone(place, rng) if rng.random() < 0.8 else None,
        street=f"{rng.randint(1, 240)}, {rng.choice(_TREES)} {rng.choice(_WAYS)}",
        postal_code=places.postal_code(place, rng),
        place=place,
        wants_mail=rng.random() < 0.45,
    )


def address(who: Person) -> dict[str, Any]:
    """Return a billing or shipping address."""
    return {
        "first_name": who.first_name,
        "address1": who.street,
        "phone": who.phone,
        "city": who.place.city,
        "zip": who.postal_code,
        "province": who.place.province or None,
        "country": who.place.country,
        "last_name": who.last_name,
        "address2": None,
        "company": None,
        "latitude": None,
        "longitude": None,
        "name": who.name,
        "country_code": who.place.country_code,
        "province_code": who.place.province_code or None,
    }


def customer(who: Person, *, created_at: datetime, updated_at: datetime) -> dict[str, Any]:
    """Return a customer as webhooks carry one since 2025-01: without consent, tags and totals."""
    return {
        "id": who.number,
        "email": who.email,
        "created_at": local(created_at),
        "updated_at": local(updated_at),
        "first_name": who.first_name,
        "last_name": who.last_name,
        "state": "disabled",
        "note": None,
        "verified_email": True,
        "multipass_identifier": None,
        "tax_exempt": False,
        "phone": who.phone,
        "currency": CURRENCY,
        "tax_exemptions": [],
        "admin_graphql_api_id": identifiers.gid("Customer", who.number),
        "default_address": {
            "id": who.number + 1_000_000_000_000,
            "customer_id": who.number,
            **address(who),
            "country_name": who.place.country,
            "default": True,
        },
    }
