"""The SQLite adapters pass the contract suites."""

from tests.contract.adapters import OnSqlite
from waymark.events.contract.keys import KeysContract
from waymark.events.contract.snapshots import SnapshotsContract
from waymark.events.contract.store import StoreContract
from waymark.events.contract.views import ViewsContract


class TestSqliteStore(OnSqlite, StoreContract):
    pass


class TestSqliteViews(OnSqlite, ViewsContract):
    pass


class TestSqliteKeys(OnSqlite, KeysContract):
    pass


class TestSqliteSnapshots(OnSqlite, SnapshotsContract):
    pass
