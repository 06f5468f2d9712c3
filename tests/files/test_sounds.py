"""Voice notes: the containers that browsers record, what is no sound, and what lies about itself."""

from __future__ import annotations

import io
import random

import pytest

from diwan.files.actions import receive_upload
from diwan.files.errors import (
    DamagedFile,
    KindNotAccepted,
    OnlyAudio,
    RecordingTooLong,
    UploadRefused,
    WebPageRefused,
)
from diwan.files.models import Upload
from diwan.files.rules import AUDIO, IMAGE, MEGABYTE, SlotRules
from tests.files import samples, sounds
from tests.files.conftest import OWNER

pytestmark = pytest.mark.django_db

VOICE = SlotRules(max_bytes=3 * MEGABYTE, kinds=(AUDIO,), max_seconds=60)


def send(content: bytes, rules: SlotRules = VOICE) -> Upload:
    return receive_upload(
        stream=io.BytesIO(content), filename="note.bin", slot="voice", rules=rules, owner="draft:1", by=OWNER
    )


@pytest.mark.parametrize(
    ("content", "kind", "name"),
    [
        (sounds.webm(5), "audio/webm", "note.webm"),
        (sounds.ogg(5), "audio/ogg", "note.ogg"),
        (sounds.mp4(5), "audio/mp4", "note.m4a"),
        (sounds.mp4(5, coding=b"Opus", whole=False), "audio/mp4", "note.m4a"),
    ],
    ids=["webm", "ogg", "mp4", "mp4 in fragments"],
)
def test_what_a_browser_records_is_kept_with_its_length(content: bytes, kind: str, name: str) -> None:
    upload = send(content)
    assert (upload.media_type, upload.filename) == (kind, name)
    assert upload.private["seconds"] == pytest.approx(5, abs=0.1)


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (sounds.webm(63), RecordingTooLong),
        (sounds.ogg(63), RecordingTooLong),
        (sounds.mp4(63), RecordingTooLong),
        (sounds.webm(track=1, coding=b"V_VP8"), OnlyAudio),
        (sounds.webm(doc=b"matroska"), OnlyAudio),
        (sounds.ogg(head=b"\x80theora" + bytes(40)), OnlyAudio),
        (sounds.mp4(handler=b"vide", coding=b"avc1"), OnlyAudio),
        (sounds.webm()[:-1], DamagedFile),
        (sounds.ogg()[:-1], DamagedFile),
        (sounds.mp4()[:-1], DamagedFile),
        (sounds.ogg(0), DamagedFile),
        (samples.photo(), OnlyAudio),
        (samples.pdf(), OnlyAudio),
        (b"<script>alert(1)</script>", WebPageRefused),
        (b"ID3\x04 no recording of a browser", OnlyAudio),
    ],
)
def test_what_is_no_short_recording_is_refused(content: bytes, refusal: type[UploadRefused]) -> None:
    with pytest.raises(refusal):
        send(content)


def test_a_recording_is_no_photo_and_no_paper() -> None:
    for rules in (SlotRules(), SlotRules(kinds=(IMAGE,))):
        with pytest.raises(KindNotAccepted):
            send(sounds.webm(), rules)


def test_nothing_in_a_recording_makes_the_reader_fail_otherwise_than_by_refusing() -> None:
    from diwan.files import (
        audio_check,
        sniffing,
    )  # the reader itself, without a process for each of a thousand files

    chance = random.Random(7)
    for original in (sounds.webm(), sounds.ogg(), sounds.mp4(), sounds.mp4(whole=False)):
        kind = sniffing.media_type_of(original[: sniffing.HEAD])
        for _ in range(250):
            content = bytearray(original)
            for _ in range(chance.randint(1, 8)):
                content[chance.randrange(16, len(content))] = chance.randrange(256)
            assert set(audio_check.check_bytes(bytes(content), media_type=str(kind), max_seconds=60)) in (
                {"refused", "params"},
                {"media_type", "private", "rewritten"},
            )
