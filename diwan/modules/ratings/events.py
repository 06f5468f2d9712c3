"""Events of ratings that upward layers may hear."""

from diwan.outbox.events import declare

GIVEN = declare(
    "ratings.rating.given", about="A service was rated.", keys=("case", "service", "municipality", "score")
)
