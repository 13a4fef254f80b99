"""A seeded school district as a OneRoster CSV package: any size, the same seed gives the same bytes."""

from waymark.tools.district.package import Summary, Variant, Version, generate
from waymark.tools.district.plan import DistrictPlan, PlanRefused

__all__ = ["DistrictPlan", "PlanRefused", "Summary", "Variant", "Version", "generate"]
