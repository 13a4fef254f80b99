"""The operators' verbs, the same for every service: `python -m waymark.<service> status | rebuild | ...`."""
