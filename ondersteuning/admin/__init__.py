"""What the support team works with at /beheer/."""

from . import case, counted, duty, start

__all__ = ["case", "counted", "duty", "start"]
