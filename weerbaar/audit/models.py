"""Who looked at what, when and why. Rows are only ever added; they carry no content and no foreign keys."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from .transactions import CurrentTransaction


class Purpose(models.TextChoices):
    """Why somebody opened, searched or changed something. The reporter reads these labels too."""

    HANDLE = "handle", _("behandelen van de melding")
    TRIAGE = "triage", _("eerste beoordeling")
    FOLLOW = "follow", _("zelf volgen")
    SHARED = "shared", _("gedeeld met organisatie")
    PDF = "pdf", _("maken van een PDF")
    NOTIFY = "notify", _("versturen van een bericht")
    SEARCH = "search", _("zoeken")
    INDEX = "index", _("vindbaar maken voor wie u helpt")
    EXPORT = "export", _("exporteren")
    BREAK_GLASS = "break_glass", _("inzage bij nood")
    CHECK = "check", _("controle")


class Result(models.TextChoices):
    OPENED = "opened", _("geopend")
    REFUSED = "refused", _("geweigerd")
    NO_KEY = "no_key", _("geen sleutel")
    DONE = "done", _("uitgevoerd")


class AccessLog(models.Model):
    """One look, or one refused try. `dossier` is a plain UUID: erasing the dossier leaves the trail."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(_("wanneer"), db_default=Now())
    transaction = models.BigIntegerField(db_default=CurrentTransaction(), editable=False)
    actor_id = models.UUIDField(_("wie"), null=True)
    actor_name = models.CharField(_("naam"), max_length=150, blank=True)
    role = models.CharField(_("rol"), max_length=40, blank=True)
    dossier = models.UUIDField(_("dossier"), null=True)
    purpose = models.CharField(_("doel"), max_length=20, choices=Purpose)
    result = models.CharField(_("uitkomst"), max_length=10, choices=Result)
    detail = models.CharField(_("toelichting"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("inzage")
        verbose_name_plural = _("inzagelogboek")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["dossier", "at"], name="accesslog_dossier"),
            models.Index(fields=["actor_id", "at"], name="accesslog_actor"),
            models.Index(fields=["transaction"], name="accesslog_transaction"),
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()}: {self.get_result_display()}"


class Seal(models.Model):
    """A keyed link in the chain over one table: what it held between two transaction numbers.

    Or, when the term of those rows was over and the owner removed them: the tombstone in their place.
    """

    class Kind(models.TextChoices):
        SEALED = "sealed", _("verzegeld")
        REMOVED = "removed", _("verwijderd na de termijn")

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(_("verzegeld"), db_default=Now())
    table = models.CharField(_("tabel"), max_length=63)
    number = models.PositiveIntegerField(_("volgnummer"))
    kind = models.CharField(_("soort"), max_length=8, choices=Kind, default=Kind.SEALED)
    from_transaction = models.BigIntegerField()
    to_transaction = models.BigIntegerField()  # not included
    rows = models.PositiveIntegerField(_("rijen"))
    content = models.BinaryField()  # keyed digest of the rows
    chain = models.BinaryField()  # keyed digest of this seal and the one before

    class Meta:
        verbose_name = _("zegel")
        verbose_name_plural = _("zegels")
        constraints = [
            models.UniqueConstraint(fields=["table", "number"], name="one_seal_per_number"),
        ]

    def __str__(self) -> str:
        return f"{self.table} {self.number}"
