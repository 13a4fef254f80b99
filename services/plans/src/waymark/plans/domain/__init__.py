"""The district's rules about scales, templates and plans: pure functions over the events of the catalogue."""
