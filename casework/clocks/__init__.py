"""The clocks that every kind of case has; a kind says its own name, states and messages."""

from casework.clocks import corrections, drafts, escalation

__all__ = ["corrections", "drafts", "escalation"]
