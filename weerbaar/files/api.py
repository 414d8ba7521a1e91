"""What other packages use: `from weerbaar.files import api as files`, then `files.take_in(…)`."""

from .actions import Facts, bind, drop, keep_until, rows, take_in
from .cell.formats import MOST
from .delivery import download_name, original, page
from .forms import Examined, UploadField
from .lifecycle import State
from .models import StoredFile
from .uploads import takes_files
from .words import KINDS, REASONS

__all__ = [
    "KINDS",
    "MOST",
    "REASONS",
    "Examined",
    "Facts",
    "State",
    "StoredFile",
    "UploadField",
    "bind",
    "download_name",
    "drop",
    "keep_until",
    "original",
    "page",
    "rows",
    "take_in",
    "takes_files",
]
