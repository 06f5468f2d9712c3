"""Fee lines: one rounding a line, VAT by flag, and an explanation."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diwan.kit.fees import FeeLine, Vat, charge, charge_all, plain_decimal, vat_rate_on

AMOUNTS = st.decimals(0, 100000, places=3)


def test_a_line_and_its_explanation() -> None:
    line = charge(FeeLine("area", base=Decimal("80"), rate=Decimal("3.50"), years=2))
    assert (line.net, line.vat, line.total) == (56000, 0, 56000)
    assert line.factors == (("base", "80"), ("rate", "3.5"), ("years", "2"))
    assert line.formula == "80 × 3.5 × 2 = 560.00"


@pytest.mark.parametrize(
    ("treatment", "vat"), [(Vat.TAXABLE, 7500), (Vat.ZERO, 0), (Vat.EXEMPT, 0), (Vat.OUT_OF_SCOPE, 0)]
)
def test_vat_goes_by_the_flag(treatment: Vat, vat: int) -> None:
    line = charge(FeeLine("booklet", base=Decimal(500), vat=treatment))
    assert (line.net, line.vat, line.total) == (50000, vat, 50000 + vat)
    assert line.vat_rate == (Decimal("0.15") if treatment is Vat.TAXABLE else 0)


def test_each_line_is_rounded_once_and_totals_are_sums() -> None:
    third = FeeLine("x", base=Decimal("0.335"), vat=Vat.TAXABLE)
    lines, totals = charge_all([third, third, third])
    assert [line.net for line in lines] == [34, 34, 34]
    assert [line.vat for line in lines] == [5, 5, 5]
    assert totals == (102, 15, 117)
    assert charge(FeeLine("x", base=Decimal("1.005"))).net == 101
    assert charge(FeeLine("x", rate=Decimal("0.333"), quantity=Decimal(3))).net == 100


@given(st.lists(st.tuples(AMOUNTS, AMOUNTS, st.integers(0, 5), st.sampled_from(list(Vat))), max_size=6))
def test_totals_are_exact(rows: list[tuple[Decimal, Decimal, int, Vat]]) -> None:
    lines, totals = charge_all(
        FeeLine(f"l{n}", base=base, rate=rate, years=years, vat=vat)
        for n, (base, rate, years, vat) in enumerate(rows)
    )
    assert totals.total == totals.net + totals.vat == sum(line.total for line in lines)
    for (base, rate, years, _), line in zip(rows, lines, strict=True):
        assert abs(base * rate * years * 100 - line.net) <= Decimal("0.5")


def test_vat_rates_go_by_date() -> None:
    days = (date(2017, 12, 31), date(2018, 1, 1), date(2020, 6, 30), date(2020, 7, 1), date(2026, 11, 21))
    assert [str(vat_rate_on(day)) for day in days] == ["0", "0.05", "0.05", "0.15", "0.15"]


def test_plain_decimals_and_a_line_of_ones() -> None:
    assert [plain_decimal(Decimal(text)) for text in ("80", "1200", "3.50", "1E+3", "0.10")] == [
        *("80", "1,200", "3.5", "1,000", "0.1")
    ]
    assert charge(FeeLine("x")).formula == "1 = 1.00"
    assert charge(FeeLine("x", base=Decimal(0))).net == 0


def test_what_is_not_a_factor_is_refused() -> None:
    for bad in (Decimal("NaN"), Decimal(-1), Decimal("Infinity")):
        with pytest.raises(ValueError):
            FeeLine("x", base=bad)
    with pytest.raises(ValueError):
        FeeLine("x", base=1.5)  # type: ignore[arg-type]
    with pytest.raises(ValueError):
        FeeLine("x", years=-1)
