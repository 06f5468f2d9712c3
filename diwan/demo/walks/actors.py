"""Who acts: actors of applicants, employees and outside bodies, looked up once; and who of several does a task."""

from dataclasses import dataclass, field

from diwan.demo.plan.people import Human, society
from diwan.demo.walks.scripts import Script
from diwan.people.actor import Actor
from diwan.people.models import Account, EntityMember, Establishment, Holding, Position
from diwan.people.queries import actor_for


@dataclass(slots=True)
class Actors:
    """Actors by what they act for. `sessions` holds, by account, a session with a fresh second factor."""

    sessions: dict[int, str]
    accounts: dict[str, Account] = field(default_factory=dict)
    establishments: dict[str, Establishment] = field(default_factory=dict)
    posts: dict[tuple[str, str], list[Position]] = field(default_factory=dict)
    codes: dict[str, Position] = field(default_factory=dict)
    posts_by_id: dict[int, Position] = field(default_factory=dict)
    _known: dict[str, Actor] = field(default_factory=dict)
    _holders: dict[int, Account] = field(default_factory=dict)
    _members: dict[int, Account] = field(default_factory=dict)

    @classmethod
    def read(cls, sessions: dict[int, str]) -> "Actors":
        """Read accounts, establishments and posts of the demo in a few statements."""
        made = cls(sessions=sessions)
        made.accounts = {row.national_id: row for row in Account.objects.all() if row.national_id}
        made.establishments = {row.cr_number: row for row in Establishment.objects.all()}
        made._holders = {
            row.position_id: row.account
            for row in Holding.objects.filter(valid_to__isnull=True).select_related("account")
        }
        made._members = {row.entity_id: row.account for row in EntityMember.objects.select_related("account")}
        for post in (
            Position.objects.select_related("unit__municipality").prefetch_related("roles").order_by("code")
        ):
            made.codes[post.code] = made.posts_by_id[post.pk] = post
            for role in post.roles.all():
                made.posts.setdefault((post.unit.municipality.code, role.code), []).append(post)
        return made

    def human(self, script: Script) -> Human:
        """The person who applies."""
        return society().humans[script.human]

    def account(self, script: Script) -> Account | None:
        """The applicant's account; None for somebody who only comes to the counter."""
        return self.accounts.get(self.human(script).national_id)

    def applicant(self, script: Script) -> Actor:
        """The applicant for the establishment, or the clerk who files for the applicant."""
        if script.clerk:
            return self.post(self.codes[script.clerk])
        account, shop = self.account(script), self.establishments[script.shop.cr]
        if account is None:
            raise LookupError(f"{script.human} has no account and no clerk")
        return self._actor(account, f"establishment:{shop.pk}")

    def myself(self, account: Account) -> Actor:
        """Somebody who acts for nobody else."""
        return self._actor(account, "self")

    def post(self, post: Position) -> Actor:
        """Whoever sits at a post."""
        return self._actor(self._holders[post.pk], f"position:{post.pk}")

    def entity(self, entity_id: int) -> Actor:
        """A member of an outside body."""
        return self._actor(self._members[entity_id], f"entity:{entity_id}")

    def for_role(self, town: str, role: str, turn: int, *, not_account: int | None = None) -> Position:
        """The post that takes its turn at a role in a municipality, else in the head office."""
        posts = self.posts.get((town, role)) or self.posts[("000", role)]
        chosen = posts[turn % len(posts)]
        if not_account is not None and self._holders[chosen.pk].pk == not_account and len(posts) > 1:
            chosen = posts[(turn + 1) % len(posts)]
        return chosen

    def _actor(self, account: Account, capacity: str) -> Actor:
        key = f"{account.pk}/{capacity}"
        if key not in self._known:
            self._known[key] = actor_for(account, capacity, session=self.sessions.get(account.pk, ""))
        return self._known[key]
