"""What other packages use: `from weerbaar.documents import api as documents`, then `documents.request(…)`."""

from .actions import download, fetch_paper, last_order, latest, order_paper, read, request
from .kinds import register
from .models import PrintOrder, Rendering, State
from .papers import register_paper
from .render import RenderError, render_pdf

__all__ = [
    "PrintOrder",
    "RenderError",
    "Rendering",
    "State",
    "download",
    "fetch_paper",
    "last_order",
    "latest",
    "order_paper",
    "read",
    "register",
    "register_paper",
    "render_pdf",
    "request",
]
