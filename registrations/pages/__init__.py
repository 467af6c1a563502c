"""The residents' pages of registrations."""
