"""The SQLite adapters: the reference, the tests' real store, and a small deployment in a folder."""
