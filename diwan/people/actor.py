"""Who acts, in what capacity: the value every action and query takes, with no Django request in it."""

from dataclasses import dataclass, field, replace
from typing import Any


@dataclass(frozen=True, slots=True)
class Actor:
    """A person or the system in one capacity.

    `capacity` is `self`, `establishment:<id>`, `position:<id>`, `delegation:<id>`, `entity:<id>`, `client:<id>` (a
    partner's system), `anonymous` or `system:<rule>`. `municipality_ids` is the scope of an employee's post or of a
    partner's token (None = every municipality, for the amanah's own posts). Under a delegation `position_id`, unit,
    roles and titles are those of the delegating post, titles carry the wording (بالتفويض, نيابة عن), `on_behalf_of`
    names its holder and `services` are the only services it covers; a partner has those that its token names.
    """

    account_id: int | None
    capacity: str
    name_ar: str = ""
    name_en: str = ""
    permissions: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    position_id: int | None = None
    position_ids: frozenset[int] = frozenset()
    unit_id: int | None = None
    municipality_ids: frozenset[int] | None = field(default=frozenset())
    establishment_id: int | None = None
    entity_id: int | None = None
    client_id: int | None = None
    entity_code: str = ""
    title_ar: str = ""
    title_en: str = ""
    on_behalf_of: str = ""
    wording: str = ""
    services: frozenset[str] = frozenset()
    session: str = ""
    request_id: str = ""
    language: str = "ar"

    @property
    def is_staff(self) -> bool:
        """True for a post of the amanah."""
        return self.position_id is not None

    @property
    def is_system(self) -> bool:
        """True for acts of the clock or of a rule."""
        return self.capacity.startswith("system:")

    @property
    def label(self) -> str:
        """The actor as a value for audit rows: `account:12`, `system:deadlines`, `anonymous`."""
        if self.account_id is not None:
            return f"account:{self.account_id}"
        return self.capacity

    def changed(self, **fields: Any) -> "Actor":
        """The same with other `fields`. A method, since a request holds its actor by a proxy that is no dataclass."""
        return replace(self, **fields)

    def can(self, permission: str) -> bool:
        """Whether the capacity holds the permission code."""
        return permission in self.permissions

    def reaches(self, municipality_id: int) -> bool:
        """Whether the municipality is within the scope of the post."""
        return self.municipality_ids is None or municipality_id in self.municipality_ids

    def covers(self, service: str) -> bool:
        """Whether the capacity extends to the service: always, unless it is a delegation of certain services, or a
        partner's, which names every service."""
        return service in self.services or (not self.services and self.client_id is None)


def system(rule: str) -> Actor:
    """The actor of an automatic act; `rule` says which clock or rule acted."""
    return Actor(
        account_id=None,
        capacity=f"system:{rule}",
        name_ar="النظام",
        name_en="The system",
        municipality_ids=None,
    )


ANONYMOUS = Actor(account_id=None, capacity="anonymous")
