"""Which incidents may stand on a map as a point. See ADR 0012."""

from __future__ import annotations

from convive.warehouse import UNCLASSIFIED, Exclusion
from convive.warehouse.schema import Relationship

# A point of these can lead to the home of a person at risk, even when it is moved by
# some hundred metres: they are counted, and never drawn. Kept wide on purpose.
FAMILY_OR_SEXUAL = Exclusion(
    iccs=(
        "03",  # sexual violence and exploitation
        "0204",  # trafficking: offices do not part the sexual from the rest
    ),
    relationships=(
        Relationship.CURRENT_PARTNER,
        Relationship.FORMER_PARTNER,
        Relationship.PARENT,
        Relationship.CHILD,
        Relationship.OTHER_FAMILY,
        Relationship.HOUSEHOLD_MEMBER,
    ),
    # The local term may say what neither its code nor the relationship does:
    # "privación de la libertad (realizar acto sexual)", "violencia familiar".
    offence_words=("sexual", "familia"),
)

# An offence that nobody has classified may be any of the above.
NOT_CLASSIFIED = Exclusion(iccs=(UNCLASSIFIED,))

NEVER_DRAWN = Exclusion(
    iccs=(*FAMILY_OR_SEXUAL.iccs, *NOT_CLASSIFIED.iccs),
    relationships=FAMILY_OR_SEXUAL.relationships,
    offence_words=FAMILY_OR_SEXUAL.offence_words,
)
