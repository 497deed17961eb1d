"""Shapes of the API's answers. A number that is withheld or not known is null."""

from __future__ import annotations

# Pydantic reads the types when the classes are made.
from datetime import date

from ninja import Field, Schema

STATE = "final, provisional, withheld (small counts) or no_data"


class Problem(Schema):
    detail: str = Field(description="A sentence that says what to do.")


class Question(Schema):
    """The same question as on the pages."""

    where: str = Field(description="Path of a place: sv/sonsonate/acajutla")
    what: str = Field("", description="ICCS code; empty is all offences")
    since: str = Field("", description="First month: 2010-01")
    until: str = Field("", description="Last month: 2010-12")
    known_on: str = Field("", description="As known on this day: 2010-04-30")
    source: str = Field("", description="Office, where more than one reports")


class PlaceOut(Schema):
    path: str
    name: str
    kind: str
    parent: str | None


class OffenceOut(Schema):
    code: str
    level: int
    name_es: str
    name_en: str
    is_verified: bool = Field(description="Whether the name was read at the source")


class AboutOut(Schema):
    """What goes with every figure."""

    title: str
    what: str
    where: str
    since: date
    until: date
    known_on: date
    source: str
    nature: str
    is_simulated: bool
    is_complete: bool
    provisional_from: date | None
    batches: list[int]
    notes: list[str]


class RateOut(Schema):
    place: str
    name: str
    count: int | None
    person_years: float | None
    rate_per_100k: float | None
    lower_95: float | None
    upper_95: float | None
    state: str = Field(description=STATE)
    note: str


class MonthOut(Schema):
    month: str
    count: int | None
    year_before: int | None
    state: str = Field(description=STATE)


class HourOut(Schema):
    weekday: int = Field(description="Monday is 1")
    hour: int
    count: int | None


class GroupOut(Schema):
    table: str
    group: str
    count: int | None
    is_known: bool


class OfficeOut(Schema):
    name: str
    batches: int
    is_counted: bool


class BatchOut(Schema):
    number: int
    source: str
    nature: str
    file_name: str
    covers_from: date | None
    covers_until: date | None


class RatesOut(Schema):
    about: AboutOut
    places: list[RateOut]
    sentences: list[str]


class SeriesOut(Schema):
    about: AboutOut
    months: list[MonthOut]
    sentence: str


class CalendarOut(Schema):
    about: AboutOut
    hours: list[HourOut]
    without_hour: str
    note: str


class PeopleOut(Schema):
    about: AboutOut
    groups: list[GroupOut]
    note: str


class OriginOut(Schema):
    about: AboutOut
    offence: list[OffenceOut]
    crosswalks: list[str]
    offices: list[OfficeOut]
    batches: list[BatchOut]
    population_sources: list[str]
