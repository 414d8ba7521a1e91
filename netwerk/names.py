"""How names of places are written for sorting and for searching."""

from __future__ import annotations

import re
import unicodedata

ARTICLE = re.compile(r"^('s[- ]|'t |de |het |den )")


def plain(text: str) -> str:
    """Lower case without accents: "Súdwest-Fryslân" becomes "sudwest-fryslan"."""
    decomposed = unicodedata.normalize("NFKD", text.replace("’", "'").replace("‘", "'"))
    return "".join(char for char in decomposed if not unicodedata.combining(char)).lower().strip()


def sort_key(name: str) -> str:
    """Where a name stands in a list: "'s-Hertogenbosch" under h, "De Ronde Venen" under r."""
    return ARTICLE.sub("", plain(name))


def words(text: str) -> str:
    """Only letters and digits, with single spaces: what is typed and what is stored meet in this form."""
    return " ".join(re.findall(r"[a-z0-9]+", plain(text)))


def search_key(*names: str) -> str:
    """The names of one organisation between bars, so that LIKE can tell a whole name from a part."""
    return "".join(f"|{words(name)}" for name in names if words(name)) + "|"
