"""HTTP in, a decision, HTTP out: one blueprint file a resource."""
