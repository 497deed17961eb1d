"""What a file of boundaries, population or names would change among the places."""

from convive.places.plans.boundaries import PlaceFields, plan_boundaries
from convive.places.plans.gazetteer import plan_gazetteer
from convive.places.plans.plan import Plan
from convive.places.plans.population import plan_population

__all__ = [
    "PlaceFields",
    "Plan",
    "plan_boundaries",
    "plan_gazetteer",
    "plan_population",
]
