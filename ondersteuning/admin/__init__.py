"""What the support team works with at /beheer/."""

from . import breakglass, case, counted, duty, export, saved_views, start, team

__all__ = ["breakglass", "case", "counted", "duty", "export", "saved_views", "start", "team"]
