"""The MongoDB adapters pass the contract suites on a real server."""

import pytest

from tests.contract.adapters import OnMongo
from waymark.events.contract.keys import KeysContract
from waymark.events.contract.snapshots import SnapshotsContract
from waymark.events.contract.store import StoreContract
from waymark.events.contract.views import ViewsContract

pytestmark = pytest.mark.mongodb


class TestMongoStore(OnMongo, StoreContract):
    pass


class TestMongoViews(OnMongo, ViewsContract):
    pass


class TestMongoKeys(OnMongo, KeysContract):
    pass


class TestMongoSnapshots(OnMongo, SnapshotsContract):
    pass
