"""Shapes that the bodies of several operations share. What is sent is read strictly: an unknown member is refused."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from diwan.flow.table import Text

LONGEST = 4_000
"""Characters of a text that is sent, unless its field says less."""
ShortText = Annotated[str, Field(max_length=200)]


class Given(BaseModel):
    """Base of what a client sends."""

    model_config = ConfigDict(extra="forbid", str_max_length=LONGEST, frozen=True)


class Told(BaseModel):
    """Base of what we answer; further members may come without a new version."""

    model_config = ConfigDict(frozen=True)


class Both(Told):
    """A text in both languages."""

    ar: str = Field(description="Arabic")
    en: str = Field(description="English")


def both(text: Text) -> Both:
    """A text of the catalogue in both languages."""
    return Both(ar=text.ar, en=text.en)


def with_example(example: dict[str, Any], *, given: bool = False) -> ConfigDict:
    """The configuration of a shape with an example of the whole."""
    extra: dict[str, Any] = {"examples": [example]}
    if given:
        return ConfigDict(extra="forbid", str_max_length=LONGEST, frozen=True, json_schema_extra=extra)
    return ConfigDict(frozen=True, json_schema_extra=extra)


class Problem(Told):
    """Why a request was refused (RFC 9457), as application/problem+json."""

    model_config = with_example(
        {
            "type": "urn:diwan:problem:cases.not_found", "title": "Not found", "status": 404,
            "code": "cases.not_found",
            "detail": "There is no such case among those you can open. Check the number.",
        }
    )  # fmt: skip
    type: str = Field(description="`urn:diwan:problem:` and the code; stable")
    title: str = Field(description="The kind of refusal in a word, in the language of the request")
    status: int = Field(ge=400, le=599)
    code: str = Field(description="Stable code, to be read by programs")
    detail: str = Field(description="What is wrong and what to do, to be read by people")
    fields: dict[str, list[FieldProblem]] | None = Field(
        default=None, description="What is wrong, by field of the body or of the form"
    )


class FieldProblem(Told):
    """One thing that is wrong with one field."""

    code: str
    text: str


Problem.model_rebuild()
