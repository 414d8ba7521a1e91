from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from weerbaar.audit.history import track

from .page import Page, PageQuerySet


@track()
class SignalCard(Page):
    """One sheet (signaalkaart): what you see, what it may mean, what to do, and whom to call."""

    class Topic(models.TextChoices):
        DISINFORMATION = "disinformation", _("Desinformatie")
        UNDEMOCRATIC_INFLUENCE = "undemocratic_influence", _("Ondemocratische beïnvloeding")
        ONLINE_SAFETY = "online_safety", _("Veilig online")
        WOMEN = "women", _("Vrouwen in de politiek")
        VULNERABLE_PROCESS = "vulnerable_process", _("Kwetsbare processen")

    topic = models.CharField(_("onderwerp"), max_length=24, choices=Topic)
    sees = models.TextField(_("wat u ziet"), max_length=1500, help_text=_("Elke regel is een punt."))
    means = models.TextField(
        _("wat het kan betekenen"), max_length=1500, help_text=_("Elke regel is een punt.")
    )
    does = models.TextField(_("wat u doet"), max_length=1500, help_text=_("Elke regel is een stap."))
    calls = models.TextField(_("wie u belt"), max_length=800, help_text=_("Elke regel is een punt."))
    source = models.CharField(_("bron"), max_length=200, blank=True)

    objects = PageQuerySet.as_manager()

    class Meta(Page.Meta):
        verbose_name = _("signaalkaart")
        verbose_name_plural = _("signaalkaarten")
        ordering = ["topic", "title", "pk"]
