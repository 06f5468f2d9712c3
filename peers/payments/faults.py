"""What can go wrong with a payment on purpose: standing switches, or for one payment only."""

from dataclasses import dataclass

FAULTS = {
    "twice": ("يُسدد مرتين", "paid twice"),
    "repeat": ("الإشعار نفسه مرتين", "same notice twice"),
    "wrong_amount": ("مبلغ مختلف في الإشعار", "wrong amount in the notice"),
    "wrong_key": ("إشعار بمفتاح خاطئ", "notice signed with a wrong key"),
    "after_expiry": ("السداد بعد الانتهاء", "pay after expiry"),
    "no_notice": ("بلا إشعار", "no notice"),
    "late_notice": ("إشعار متأخر 15 ثانية", "notice 15 seconds late"),
}
LATE_SECONDS = 15.0


@dataclass
class Faults:
    """The standing faults; any number of them at once."""

    on: set[str]

    def for_payment(self, asked: list[str]) -> set[str]:
        """Standing faults and those asked for with this payment; unknown names are left out."""
        return self.on | {name for name in asked if name in FAULTS}

    def set(self, names: list[str]) -> None:
        """Replace the standing faults; `KeyError` for an unknown name."""
        for name in names:
            if name not in FAULTS:
                raise KeyError(name)
        self.on = set(names)
