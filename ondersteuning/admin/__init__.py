"""What the support team works with at /beheer/."""

from . import case, counted, duty, start, team

__all__ = ["case", "counted", "duty", "start", "team"]
