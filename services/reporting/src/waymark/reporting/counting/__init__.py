"""Counting with numpy, pure: rows joined a topic partition at a time, masks, tallies. Imported by nothing but this service."""
