"""A stranger's first minutes: a clean clone, `./run --setup-only`, `./run`, the journey; as a user and as root."""

import os
import signal
import stat
from collections.abc import Callable, Iterator

import pytest

from tests.project.terminal import ORDINARY, Person, clean_clone, own_seconds

LENGTH = 150
Recorder = Callable[[str, object], None]
pytestmark = pytest.mark.full
COUNT = "from diwan.cases.models import Case; print('counted', Case.objects.count())"


WHOLE, SMALL = 2000, 120


@pytest.fixture(scope="module", params=["ordinary", "root"])
def stranger(request: pytest.FixtureRequest) -> Iterator[Person]:
    """Somebody with a clean clone at a path of 150 characters with a space; root has a smaller demo city."""
    root = request.param == "root"
    if root and os.geteuid() != 0:
        pytest.skip("only root can try it as root")
    with clean_clone(root=root, length=LENGTH, port=8680 if root else 8670) as person:
        if root:
            person.env["DIWAN_CITY_CASES"] = str(SMALL)
        yield person


def test_a_clean_clone_is_prepared(stranger: Person, record_property: Recorder) -> None:
    assert len(str(stranger.clone)) == LENGTH and " " in str(stranger.clone)
    done = stranger.types("--setup-only")
    assert done.returncode == 0, done.stdout + done.stderr
    assert not stranger.processes()
    record_property("first_start_own_seconds", own_seconds(done.stdout))
    print(done.stdout)
    owner = os.geteuid() if not stranger.before else ORDINARY
    assert {path.stat().st_uid for path in stranger.data.iterdir()} == {owner}
    assert stat.S_IMODE((stranger.data / "demo-people.json").stat().st_mode) == 0o600


def test_it_starts_quickly_with_the_whole_city_in_the_language_asked_for(
    stranger: Person, record_property: Recorder
) -> None:
    stranger.starts("--lang", "en")
    record_property("second_start_own_seconds", own_seconds(stranger.said()))
    assert '<html lang="en"' in stranger.reads("/")
    assert stranger.types("status").returncode == 0
    counted = stranger.types("diwan", "shell", "-v", "0", "-c", COUNT).stdout
    least = int(stranger.env.get("DIWAN_CITY_CASES", WHOLE))
    assert int(counted.split("counted")[1]) >= least


def test_ctrl_c_ends_all_of_it(stranger: Person) -> None:
    assert stranger.sends(signal.SIGINT) == 0
    assert not stranger.processes()
    assert stranger.types("status").returncode == 3


def test_the_journey_walks(stranger: Person) -> None:
    if not stranger.before:
        pytest.skip("the journey tests walk as whoever runs them")
    for name in ("shop-licence", "report"):
        done = stranger.types("journey", name)
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert not stranger.processes()
