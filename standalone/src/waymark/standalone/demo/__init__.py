"""A district to try Waymark on: people from the generator, and a school year of plans told by the domain's own rules."""
