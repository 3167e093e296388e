"""Who buys in the shops of the tests, and with which code; all invented."""

from __future__ import annotations

MENA = {"id": 5001, "email": "mena@example.com", "first_name": "Mena", "last_name": "Rao"}
HOME = {
    "name": "Mena Rao",
    "address1": "12 Lake Road",
    "city": "Mysuru",
    "province": "Karnataka",
    "province_code": "KA",
    "country": "India",
    "country_code": "IN",
    "zip": "570001",
}
HELLO = {
    "type": "discount_code",
    "code": "HELLO",
    "value": "10.0",
    "value_type": "percentage",
    "target_type": "line_item",
}
