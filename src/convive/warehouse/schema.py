"""The shape of one incident row, and the values its coded columns may hold.

Unknown is a value: `unknown` says that the office recorded that it did not know,
`not_recorded` that its file has no such column.
"""

from __future__ import annotations

from enum import StrEnum

import pyarrow as pa

UNCLASSIFIED = "unclassified"  # the offence text is not in the crosswalk yet


class Sex(StrEnum):
    FEMALE = "female"
    MALE = "male"
    OTHER = "other"
    UNKNOWN = "unknown"
    NOT_RECORDED = "not_recorded"


class Mechanism(StrEnum):
    FIREARM = "firearm"
    SHARP = "sharp"
    BLUNT = "blunt"
    BODILY_FORCE = "bodily_force"
    STRANGULATION = "strangulation"
    FIRE = "fire"
    EXPLOSIVE = "explosive"
    POISON = "poison"
    VEHICLE = "vehicle"
    OTHER = "other"
    UNKNOWN = "unknown"
    NOT_RECORDED = "not_recorded"


class Relationship(StrEnum):
    """Of the presumed author to the victim."""

    CURRENT_PARTNER = "current_partner"
    FORMER_PARTNER = "former_partner"
    PARENT = "parent"
    CHILD = "child"
    OTHER_FAMILY = "other_family"
    HOUSEHOLD_MEMBER = "household_member"
    ACQUAINTANCE = "acquaintance"
    COLLEAGUE = "colleague"
    AUTHORITY = "authority"
    OTHER_KNOWN = "other_known"
    STRANGER = "stranger"
    UNKNOWN = "unknown"
    NOT_RECORDED = "not_recorded"


class Precision(StrEnum):
    """How the location was obtained, from best to worst."""

    COORDINATES = "coordinates"
    LANDMARK = "landmark"
    NEIGHBOURHOOD = "neighbourhood"
    MUNICIPALITY = "municipality"


# '0-4', '5-9' ... '75-79', '80+', then the two values of not knowing.
AGE_GROUPS: tuple[str, ...] = (
    *(f"{low}-{low + 4}" for low in range(0, 80, 5)),
    "80+",
    "unknown",
    "not_recorded",
)

_CODED = pa.dictionary(pa.int32(), pa.string())

INCIDENT_SCHEMA = pa.schema(
    [
        # batch number << 32 | position in the batch; written by the warehouse
        pa.field("row_id", pa.int64(), nullable=False),
        pa.field("source", _CODED, nullable=False),  # which office's list
        # the office's own number of the record, or one derived from its content
        pa.field("incident_id", pa.string(), nullable=False),
        # victims of the same event share it
        pa.field("event_id", pa.string()),
        pa.field("content_hash", pa.int64(), nullable=False),
        pa.field("occurred_on", pa.date32(), nullable=False),
        pa.field("occurred_minute", pa.int16()),  # of the day, 0-1439
        pa.field("iccs", _CODED, nullable=False),  # '0101', or UNCLASSIFIED
        pa.field("offence_text", _CODED, nullable=False),  # the local term, kept
        pa.field("victim_sex", _CODED, nullable=False),
        pa.field("victim_age", pa.int16()),
        pa.field("age_group", _CODED, nullable=False),
        pa.field("mechanism", _CODED, nullable=False),
        pa.field("relationship", _CODED, nullable=False),
        pa.field("longitude", pa.float64()),
        pa.field("latitude", pa.float64()),
        pa.field("precision", _CODED, nullable=False),
        pa.field("location_text", pa.string()),
        # slug paths: 'sv', 'sv/sonsonate', 'sv/sonsonate/acajutla', '.../zone'
        pa.field("country", _CODED, nullable=False),
        pa.field("department", _CODED),
        pa.field("municipality", _CODED),
        pa.field("zone", _CODED),
        pa.field("source_row", pa.int32(), nullable=False),
    ]
)

# The same with plain strings, as a query gives them.
PLAIN_SCHEMA = pa.schema(
    [
        pa.field(field.name, pa.string()) if field.type == _CODED else field
        for field in INCIDENT_SCHEMA
    ]
)
