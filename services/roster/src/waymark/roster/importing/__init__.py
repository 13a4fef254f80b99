"""Importing a package: read and stage it, tell what differs from what is known, and append just that."""
