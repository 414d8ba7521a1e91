"""What other packages use: `from weerbaar.documents import api as documents`, then `documents.request(…)`."""

from .actions import download, latest, read, request
from .kinds import register
from .models import Rendering, State
from .render import RenderError, render_pdf

__all__ = [
    "RenderError",
    "Rendering",
    "State",
    "download",
    "latest",
    "read",
    "register",
    "render_pdf",
    "request",
]
