"""What the roster decides: from what is known of a thing and what a package says of it to the events that tell the difference."""
