"""The behaviour that every adapter of a port shows, as test classes: subclass one and give it the adapter.

They need pytest, which the package does not require: whoever runs them has it.
"""
