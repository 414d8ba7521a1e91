"""The aangifte file: what the reporter takes to the police, with a manifest of the evidence.

It holds nothing of the team alone. Under a number it names nobody; with domicilie it gives no way to reach
the reporter but through the address that was chosen.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from weerbaar.documents import api as documents
from weerbaar.vault import api as vault
from weerbaar.vault.api import Compartment

from .evidence import pieces
from .forms.fields import readable_phone
from .manifest import Entry, digest, entries, written
from .models import Aangifte, Case
from .vocabulary import Channel, DamageClaim, Target
from .words import moment_in_full

KIND = "aangiftedossier"
AUDIENCE = "aangifte"


def register() -> None:
    """Make the document known; called from AppConfig.ready."""
    documents.register(
        KIND,
        model=Case,
        template="ondersteuning/aangiftedossier.html",
        context=context,
        title="Aangiftedossier",
        audiences={AUDIENCE: Compartment.SHARED},
    )


def context(case: Case, content: vault.Content, audience: str) -> dict[str, Any]:
    """What the template prints. The same case gives the same page."""
    aangiften = list(case.aangiften.defer("remark"))  # the public zone may not even fetch it
    is_numbered = any(one.under_number for one in aangiften)
    has_domicilie = any(one.domicilie for one in aangiften)
    found = evidence(case, content)
    return {
        "reference": case.reference,
        "is_numbered": is_numbered,
        "has_domicilie": has_domicilie,
        "who": [] if is_numbered else _who(case, content.contact or {}, with_contact=not has_domicilie),
        "people": "" if is_numbered else content.people,
        "aangiften": [_aangifte(one, content) for one in aangiften],
        "facts": _facts(case),
        "narrative": content.narrative,
        "evidence": found,
        "manifest": digest(written(case.reference, found)),
    }


def evidence(case: Case, content: vault.Content) -> list[Entry]:
    """The evidence of a case as the manifest tells it."""
    return entries(pieces(case.evidence.with_file(), content))


def manifest(case: Case, content: vault.Content) -> str:
    """The manifest of a case, to go with the originals."""
    return written(case.reference, evidence(case, content))


def _who(case: Case, contact: dict[str, Any], *, with_contact: bool) -> list[tuple[str, str]]:
    rows = [
        (_("Naam"), contact.get("name", "")),
        (_("Functie"), case.get_function_display()),
        (_("Organisatie"), str(case.organisation or "")),
    ]
    if with_contact:
        rows += [
            (_("Telefoon"), readable_phone(contact.get("phone", ""))),
            (_("E-mail"), contact.get("email", "")),
        ]
    return [(label, value) for label, value in rows if value]


def _aangifte(one: Aangifte, content: vault.Content) -> list[tuple[str, Any]]:
    opened = content.of(one)
    rows = [
        (_("Stand"), one.get_status_display()),
        (_("Wie doet aangifte"), one.get_filed_by_display()),
        (_("Aangifte gedaan op"), one.filed_on),
        (_("Nummer bij de politie"), opened.number),
        (_("Contact bij politie of OM"), opened.contact),
        (_("Domicilie gekozen"), _("Ja") if one.domicilie else ""),
        (_("Aangifte onder nummer"), _("Ja") if one.under_number else ""),
        (_("Om de VPT-code gevraagd"), _("Ja") if one.vpt_code_asked else ""),
        (
            _("Schade verhalen"),
            "" if one.damage_claim == DamageClaim.NONE else one.get_damage_claim_display(),
        ),
    ]
    return [(label, value) for label, value in rows if value]


def _facts(case: Case) -> list[tuple[str, str]]:
    rows = [
        (_("Gemeld"), moment_in_full(case.received_at)),
        (_("Wat er gebeurde"), ", ".join(case.kind_labels)),
        (_("Wanneer"), case.occurred_text),
        (_("Hoe vaak"), case.get_frequency_display()),
        (_("Waar of hoe"), ", ".join(str(Channel(channel).label) for channel in case.channels)),
        (_("Gericht op"), ", ".join(str(Target(target).label) for target in case.targets)),
    ]
    return [(label, value) for label, value in rows if value]
