"""A store read as a feed passes the feeds' contract suite, on SQLite and on a real MongoDB-protocol server."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.contract.adapters import OnMongo, OnSqlite
from waymark.events.contract.feed import FeedContract
from waymark.events.feed import Feed, StoreFeed
from waymark.events.store import Store


class FromTheStore(FeedContract):
    @pytest.fixture
    def publish(self) -> Callable[[], None]:
        return lambda: None  # what is appended can be read at once

    @pytest.fixture
    def a_feed(self, another: Store) -> Callable[[], Feed]:
        return lambda: StoreFeed(another)


class TestSqliteFeed(OnSqlite, FromTheStore):
    pass


@pytest.mark.mongodb
class TestMongoFeed(OnMongo, FromTheStore):
    pass
