"""Answers of a restaurant and of a grocery, as their owners type them."""

from __future__ import annotations

from datetime import date
from typing import Any

from diwan.catalogue.compiled import CompiledService
from diwan.forms.context import FormContext
from diwan.forms.lookups import Found, Located, Lookups

OWNER = {
    "kind": "establishment", "capacity": "owner", "national_id": "1012345672", "party_id": "1012345672",
    "citizen": True, "cr_number": "1010123456", "unified_number": "7001234567", "establishment_ar": "مطعم الواحة",
    "establishment_en": "Oasis Restaurant",
}  # fmt: skip
DECLARED = {"accepted": True, "version": "1"}


class Map:
    """One district."""

    def locate(self, lat: float, lng: float) -> Located | None:
        """District of a point."""
        return Located("D-1", "102", 2)

    def find(self, text: str) -> list[Found]:
        """Nothing."""
        return []


def grocery(**changes: Any) -> dict[str, Any]:
    """A grocery of 40 square metres for one year (walk-through W1)."""
    values: dict[str, Any] = {
        "activities": ["471101"], "cr_number": "1010123456", "unified_number": "7001234567",
        "trade_name_ar": "بقالة الواحة", "trade_name_en": "Oasis Grocery",
        "place": {"lat": "21.500000", "lng": "39.200000", "how": "gps", "district": "D-1", "municipality": "102"},
        "premises_type": "street_shop", "area_m2": "40", "openings": 1, "floor": "أرضي", "unit_no": "3",
        "right": "lease", "lease_number": "10234567891", "lease_start": {"date": "2026-01-01", "entered": "gregorian"},
        "lease_end": {"date": "2028-12-31", "entered": "gregorian"}, "has_sign": False, "cleaning": "fee",
        "workers": 2,
        "years": 1, "declares_truth": DECLARED, "declares_requirements": DECLARED, "declares_privacy": DECLARED,
        "declares_safety": DECLARED,
    }  # fmt: skip
    return {key: value for key, value in {**values, **changes}.items() if value is not None}


def restaurant(**changes: Any) -> dict[str, Any]:
    """A restaurant of 120.5 square metres with a lit sign (walk-through W2)."""
    values = {
        "activities": ["561011"], "trade_name_ar": "مطعم الواحة", "trade_name_en": "Oasis Restaurant",
        "area_m2": "120.5", "has_sign": True, "sign_width": "4", "sign_height": "1.2", "sign_type": "letters",
        "sign_lit": True, "safety_mechanism": "permit", "declares_safety": None,
    }  # fmt: skip
    return grocery(**{**values, **changes})


def surroundings(
    service: CompiledService,
    lookups: Lookups,
    on: date,
    *,
    entry: dict[str, Any] | None = None,
    **applicant: Any,
) -> FormContext:
    """Where and when the answers are given."""
    return service.context(
        on=on, lookups=lookups, places=Map(), applicant={**OWNER, **applicant}, entry=entry
    )
