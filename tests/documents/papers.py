"""A dossier to make documents of; its table exists in the test database only."""

from __future__ import annotations

from django.db import connection

from weerbaar.documents import api as documents
from weerbaar.vault import api as vault
from weerbaar.vault.api import Compartment


class Paper(vault.Dossier):
    body = vault.SealedText(compartment=Compartment.SHARED)
    remark = vault.SealedText(compartment=Compartment.INTERNAL)

    class Meta:
        app_label = "documents"


def table() -> str:
    """The SQL that makes the table and grants it to the application role."""
    with connection.schema_editor(collect_sql=True, atomic=False) as editor:
        editor.create_model(Paper)
    grant = f"GRANT SELECT, INSERT, UPDATE, DELETE ON documents_paper TO {connection.settings_dict['USER']};"
    return "\n".join([*map(str, editor.collected_sql), grant])


def context(paper, content, audience):
    remark = content.remark if audience == "team" else ""
    return {"reference": "WB-2026-0001", "body": content.body, "remark": remark}


documents.register(
    "paper",
    model=Paper,
    template="paper_pdf.html",
    context=context,
    title="Zaakdossier",
    audiences={"team": Compartment.INTERNAL, "melder": Compartment.SHARED},
)
