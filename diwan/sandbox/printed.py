"""The document as it would be printed where a run stands: by the same rules and template, and marked as a specimen."""

from __future__ import annotations

from typing import cast

from diwan.catalogue.printing import Printing, contents_of
from diwan.documents.contents import specimen_data
from diwan.documents.render import Template, render
from diwan.flow import effects as fx
from diwan.sandbox.errors import NothingPrinted
from diwan.sandbox.playing import Play


def specimen(play: Play) -> bytes:
    """A PDF of the result with the answers of the run. Raises NothingPrinted before it is sent, for a service without a
    result, and where what the result needs is not known yet; RenderFailed."""
    result = play.service.result
    if result is None or not play.sent:
        raise NothingPrinted
    known, setting = play.known, play.setting
    decided = [effect.why for line in play.lines for effect in line.effects if isinstance(effect, fx.Decided)]
    printing = Printing(
        service=play.service,
        context=setting.context(None),
        data=known.data,
        derived=known.derived,
        entry=setting.held,
        holder=setting.person.snapshot,
        noted=lambda step: next(
            (line.note for line in reversed(play.lines) if line.step == step and line.note), ""
        ),
        why=[{"ar": why.ar, "en": why.en} for why in decided if why is not None],
        variables=play.facts(),
        number=0,
    )
    try:
        contents = contents_of(printing)
    except (KeyError, TypeError, ValueError) as error:
        raise NothingPrinted from error
    data = specimen_data(contents, day=play.today)
    return render(template=cast(Template, result.template), data=data, created=play.now).pdf
