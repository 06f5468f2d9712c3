"""Who acts on reports: agents, verifiers, supervisor, crews and units, and the tellers themselves."""

from dataclasses import dataclass, field
from random import Random

from diwan.cases.models import Case, DoneTask, OpenTask
from diwan.demo.plan.people import society
from diwan.demo.walks.actors import Actors
from diwan.demo.walks.reports.scripts import Teller
from diwan.people.actor import ANONYMOUS, Actor
from diwan.people.models import Position

AGENT, SUPERVISOR, VERIFIER = "ROLE-940-AGENT", "ROLE-940-SUPERVISOR", "ROLE-REPORT-VERIFIER"
UNIT, CARE = "ROLE-REPORT-UNIT", "ROLE-CARE"
HEAD_OFFICE = "000"
#: What each verifier's step must not follow.
_NOT_AFTER = {"verify": ("recheck", "second_look"), "recheck": ("verify",), "look": ()}


@dataclass(slots=True)
class Cast:
    """Actors by what they do; `units` holds the posts of each unit that works on reports."""

    actors: Actors
    units: dict[int, list[Position]] = field(default_factory=dict)

    @classmethod
    def read(cls, actors: Actors) -> "Cast":
        """Sort the posts by their units."""
        made = cls(actors)
        for (_, role), posts in actors.posts.items():
            if role == UNIT:
                for post in posts:
                    made.units.setdefault(post.unit_id, []).append(post)
        return made

    def of_room(self, role: str, turn: int = 0, *, besides: int | None = None) -> Actor:
        """Somebody of the 940 room or the head office who holds a role; not the account that filed the report."""
        people = [self.actors.post(post) for post in self.actors.posts[HEAD_OFFICE, role]]
        fitting = [one for one in people if one.account_id != besides]
        return fitting[turn % len(fitting)]

    def worker(self, task: OpenTask, turn: int) -> Actor:
        """The contractor's man or an employee of the unit that has the work."""
        if task.kind == OpenTask.Kind.OUTSIDE:
            return self.actors.entity(int(task.entity_id or 0))
        posts = self.units[int(task.unit_id or 0)]
        return self.actors.post(posts[turn % len(posts)])

    def judge(self, case: Case, step: str, rng: Random) -> Actor:
        """Who may judge: the supervisor a second dispute, else a verifier who did not judge what it must not follow.

        Whoever looked at it before looks again, so that somebody is left whom a dispute can go to.
        """
        if step == "second_look":
            return self.of_room(SUPERVISOR)
        judged = DoneTask.objects.filter(case_id=case.pk, position_id__isnull=False)
        barred = set(judged.filter(step__in=_NOT_AFTER[step]).values_list("position_id", flat=True))
        before = set(judged.filter(step=step).values_list("position_id", flat=True))
        posts = [post for post in self.actors.posts[HEAD_OFFICE, VERIFIER] if post.pk not in barred]
        again = [post for post in posts if post.pk in before]
        return self.actors.post(rng.choice(again or posts))

    def teller(self, teller: Teller) -> Actor:
        """Whoever reports: with an account as oneself, else nobody known."""
        if not teller.human:
            return ANONYMOUS
        account = self.actors.accounts[society().humans[teller.human].national_id]
        return self.actors.myself(account)

    def reporter(self, teller: Teller) -> dict[str, str]:
        """What the report keeps of the teller."""
        if not teller.human:
            return {"name_ar": teller.name_ar, "mobile": teller.mobile} if teller.mobile else {}
        human = society().humans[teller.human]
        return {
            "name_ar": human.name_ar, "name_en": human.name_en, "mobile": human.mobile, "email": human.email,
            "national_id": human.national_id,
        }  # fmt: skip
