"""The counting of a vote: who may vote, quorum, majority, the side of the chair; for every set of ballots."""

from hypothesis import given
from hypothesis import strategies as st

from diwan.flow.table import MAJORITIES, VoteRule
from diwan.flow.voting import ABSTAIN, Member, chair_of, count

CHOICES = ("accept", "partial", "reject")


def rule(quorum: int = 3, majority: str = "half", undecided: str = "reject") -> VoteRule:
    return VoteRule(chair="CHAIR", quorum=quorum, majority=majority, undecided=undecided)


def five(chair: int = 1) -> list[Member]:
    return [Member(post, is_chair=post == chair) for post in range(1, 6)]


def test_the_decision_with_the_majority_wins() -> None:
    found = count(rule(), CHOICES, five(), {1: "reject", 2: "accept", 3: "accept", 4: "accept", 5: "partial"})
    assert (found.choice, found.carried, found.by_chair) == ("accept", True, False)
    assert found.complete and found.votes == {"accept": 3, "partial": 1, "reject": 1}


def test_below_the_quorum_nothing_is_decided() -> None:
    found = count(rule(), CHOICES, five(), {1: "accept", 2: "accept"})
    assert found.choice is None and not found.quorate and found.reachable


def test_abstaining_counts_for_the_quorum_and_not_as_a_vote() -> None:
    found = count(rule(), CHOICES, five(), {1: "accept", 2: ABSTAIN, 3: ABSTAIN})
    assert (found.choice, found.abstained, found.quorate) == ("accept", 2, True)
    assert count(rule(), CHOICES, five(), dict.fromkeys((1, 2, 3), ABSTAIN)).choice == "reject"


def test_with_equal_votes_the_side_of_the_chair_prevails() -> None:
    ballots = {1: "accept", 2: "accept", 3: "reject", 4: "reject"}
    assert count(rule(), CHOICES, five(chair=1), ballots).choice == "accept"
    other = count(rule(), CHOICES, five(chair=3), ballots)
    assert (other.choice, other.by_chair) == ("reject", True)


def test_a_chair_on_neither_side_gives_a_casting_vote() -> None:
    ballots = {1: ABSTAIN, 2: "accept", 3: "reject"}
    tied = count(rule(), CHOICES, five(), ballots)
    assert (tied.choice, tied.tied) == (None, ("accept", "reject"))
    assert count(rule(), CHOICES, five(), ballots, casting="accept").choice == "accept"
    assert count(rule(), CHOICES, five(), ballots, casting="partial").choice is None


def test_without_a_majority_what_was_agreed_stands() -> None:
    ballots = {1: "partial", 2: "accept", 3: "accept", 4: "reject"}
    found = count(rule(), CHOICES, five(), ballots)
    assert (found.choice, found.carried) == ("reject", False)
    assert count(rule(majority="most"), CHOICES, five(), ballots).choice == "accept"
    led = count(rule(), CHOICES, five(chair=2), ballots)
    assert (led.choice, led.by_chair) == ("accept", True), "half of the votes, and the chair among them"
    assert count(rule(), CHOICES, five(), {1: "accept", 2: "partial", 3: "reject"}).choice == "reject"
    two = {1: "accept", 2: "accept", 3: "reject"}
    assert count(rule(majority="two_thirds"), CHOICES, five(), two).choice == "accept"
    assert count(rule(majority="two_thirds"), CHOICES, five(), {**two, 4: "reject"}).choice == "reject"


def test_too_few_members_can_reach_no_quorum() -> None:
    found = count(rule(), CHOICES, five()[:2], {1: "accept", 2: "accept"})
    assert not found.reachable and found.choice is None
    assert chair_of(five(chair=4)) == 4 and chair_of(five(chair=9)) == 1 and chair_of([]) is None


votes = st.dictionaries(st.integers(1, 9), st.sampled_from([*CHOICES, ABSTAIN, "nonsense"]), max_size=9)
members = st.lists(st.integers(1, 7), unique=True).map(
    lambda posts: [Member(post, is_chair=post == 2) for post in posts]
)
rules = st.builds(rule, st.integers(2, 5), st.sampled_from(MAJORITIES), st.sampled_from(CHOICES))


@given(rules, members, votes, st.none() | st.sampled_from(CHOICES))
def test_every_vote_has_one_answer(
    asked: VoteRule, seats: list[Member], ballots: dict[int, str], casting: str | None
) -> None:
    found = count(asked, CHOICES, seats, ballots, casting=casting)
    valid = [
        vote for post, vote in ballots.items() if vote != "nonsense" and any(m.post == post for m in seats)
    ]
    assert sum(found.votes.values()) + found.abstained == len(valid)
    assert found.quorate == (len(valid) >= asked.quorum)
    assert (found.choice is None) == (not found.quorate or bool(found.tied))
    if found.carried:
        assert found.choice is not None and found.votes[found.choice] == max(found.votes.values()) > 0
    if found.choice is not None and not found.carried:
        assert found.choice == asked.undecided
    if found.tied:
        assert len({found.votes[choice] for choice in found.tied}) == 1
        settled = count(asked, CHOICES, seats, ballots, casting=found.tied[0])
        assert (settled.choice, settled.by_chair) == (found.tied[0], True)


@given(rules, members, votes)
def test_the_order_of_the_ballots_and_voices_without_a_vote_change_nothing(
    asked: VoteRule, seats: list[Member], ballots: dict[int, str]
) -> None:
    found = count(asked, CHOICES, seats, ballots)
    assert count(asked, CHOICES, seats, dict(reversed(ballots.items()))) == found
    outsiders = dict.fromkeys(range(100, 110), "accept")
    assert count(asked, CHOICES, seats, {**ballots, **outsiders}) == found


@given(members, votes)
def test_one_more_voice_for_the_winner_never_makes_it_lose(
    seats: list[Member], ballots: dict[int, str]
) -> None:
    asked = rule(quorum=2)
    found = count(asked, CHOICES, seats, ballots)
    silent = [
        m.post for m in seats if ballots.get(m.post, "nonsense") == "nonsense" and m.post != chair_of(seats)
    ]
    if found.carried and silent and found.choice is not None:
        assert count(asked, CHOICES, seats, {**ballots, silent[0]: found.choice}).choice == found.choice
