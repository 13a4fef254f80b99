"""A kit for services' tests: a district in a folder, people who are signed in, and folds under shuffled streams.

district = a_district(tmp_path)
app = create_app(district.ports("plans"), district.settings())
student = district.student(school="s1")
teacher = district.teacher(district.section(students=[student]))
client = district.client(app, teacher)
assert client.get("/plans/v1/templates").status_code == 200
"""

from waymark.service.testing.client import Client as Client
from waymark.service.testing.district import TestDistrict as TestDistrict
from waymark.service.testing.district import a_district as a_district
from waymark.service.testing.folds import folded as folded
from waymark.service.testing.folds import interleaved as interleaved
from waymark.service.testing.folds import recorded as recorded
