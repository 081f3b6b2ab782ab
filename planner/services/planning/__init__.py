"""Planning: a proposal, and what it comes to."""
