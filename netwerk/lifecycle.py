"""What may happen to the things of the network. Pure data: what happens then is in `actions`."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ItemStatus(TextChoices):
    """The life of an item of the toolkit."""

    DRAFT = "draft", _("Concept")
    PUBLISHED = "published", _("Gepubliceerd")  # to be seen from `published_at`, to the minute
    WITHDRAWN = "withdrawn", _("Ingetrokken")


ITEM_NEXT: dict[ItemStatus, set[ItemStatus]] = {
    ItemStatus.DRAFT: {ItemStatus.PUBLISHED},
    ItemStatus.PUBLISHED: {ItemStatus.DRAFT, ItemStatus.WITHDRAWN},  # back, while nobody could see it yet
    ItemStatus.WITHDRAWN: {ItemStatus.PUBLISHED},
}


class TalkStatus(TextChoices):
    ASKED = "asked", _("gevraagd")
    ACCEPTED = "accepted", _("opgepakt")
    DONE = "done", _("gehouden")
    DECLINED = "declined", _("niet opgepakt")
    WITHDRAWN = "withdrawn", _("ingetrokken")


TALK_NEXT: dict[TalkStatus, set[TalkStatus]] = {
    TalkStatus.ASKED: {TalkStatus.ACCEPTED, TalkStatus.DECLINED, TalkStatus.WITHDRAWN},
    TalkStatus.ACCEPTED: {TalkStatus.DONE, TalkStatus.DECLINED, TalkStatus.WITHDRAWN},
    TalkStatus.DONE: set(),
    TalkStatus.DECLINED: set(),
    TalkStatus.WITHDRAWN: set(),
}


class GatheringStatus(TextChoices):
    """Of a meeting, and of an edition of a training."""

    DRAFT = "draft", _("concept")
    PUBLISHED = "published", _("gepubliceerd")
    CANCELLED = "cancelled", _("gaat niet door")


GATHERING_NEXT: dict[GatheringStatus, set[GatheringStatus]] = {
    GatheringStatus.DRAFT: {GatheringStatus.PUBLISHED},  # called off, it would be seen by who never saw it
    GatheringStatus.PUBLISHED: {GatheringStatus.CANCELLED},
    GatheringStatus.CANCELLED: set(),  # who signed up was told; what goes on after all is a new one
}


class SignupStatus(TextChoices):
    PLACED = "placed", _("ingeschreven")
    WAITING = "waiting", _("op de wachtlijst")
    OFFERED = "offered", _("plek aangeboden")
    LAPSED = "lapsed", _("aanbod verlopen")
    CANCELLED = "cancelled", _("afgemeld")


SIGNUP_NEXT: dict[SignupStatus, set[SignupStatus]] = {
    SignupStatus.PLACED: {SignupStatus.CANCELLED},
    SignupStatus.WAITING: {SignupStatus.OFFERED, SignupStatus.CANCELLED},
    SignupStatus.OFFERED: {SignupStatus.PLACED, SignupStatus.LAPSED, SignupStatus.CANCELLED},
    SignupStatus.LAPSED: {SignupStatus.PLACED, SignupStatus.WAITING},  # signs up again, behind the others
    SignupStatus.CANCELLED: {SignupStatus.PLACED, SignupStatus.WAITING},
}
HOLDS_A_PLACE = (SignupStatus.PLACED, SignupStatus.OFFERED)
STANDS = (*HOLDS_A_PLACE, SignupStatus.WAITING)


class ThemeStatus(TextChoices):
    PROPOSED = "proposed", _("voorgesteld")
    WITHDRAWN = "withdrawn", _("ingetrokken")
    CHOSEN = "chosen", _("gekozen")
    NOT_CHOSEN = "not_chosen", _("niet gekozen")
    PUBLISHED = "published", _("gepubliceerd")
    COMPLETED = "completed", _("afgerond, met resultaten")


THEME_NEXT: dict[ThemeStatus, set[ThemeStatus]] = {
    ThemeStatus.PROPOSED: {ThemeStatus.WITHDRAWN, ThemeStatus.CHOSEN, ThemeStatus.NOT_CHOSEN},
    ThemeStatus.WITHDRAWN: set(),
    ThemeStatus.CHOSEN: {ThemeStatus.PUBLISHED, ThemeStatus.NOT_CHOSEN},
    ThemeStatus.NOT_CHOSEN: {ThemeStatus.CHOSEN},  # when another falls away
    ThemeStatus.PUBLISHED: {ThemeStatus.COMPLETED},
    ThemeStatus.COMPLETED: set(),
}
ON_THE_SITE = (ThemeStatus.PUBLISHED, ThemeStatus.COMPLETED)


class PageStatus(TextChoices):
    """A page that editors make: a project, a dossier, a story, a signal card."""

    DRAFT = "draft", _("Concept")
    PUBLISHED = "published", _("Gepubliceerd")
    WITHDRAWN = "withdrawn", _("Ingetrokken")


PAGE_NEXT: dict[PageStatus, set[PageStatus]] = {
    PageStatus.DRAFT: {PageStatus.PUBLISHED},
    PageStatus.PUBLISHED: {PageStatus.WITHDRAWN},
    PageStatus.WITHDRAWN: {PageStatus.DRAFT},  # to be corrected, looked at, and published again
}


class ProjectStage(TextChoices):
    """How far the work itself is, apart from whether its page is public."""

    PLANNED = "planned", _("Voorbereiding")
    RUNNING = "running", _("Loopt")
    DONE = "done", _("Afgerond")
    STOPPED = "stopped", _("Gestopt")


PROJECT_NEXT: dict[ProjectStage, set[ProjectStage]] = {
    ProjectStage.PLANNED: {ProjectStage.RUNNING, ProjectStage.STOPPED},
    ProjectStage.RUNNING: {ProjectStage.DONE, ProjectStage.STOPPED},
    ProjectStage.DONE: {ProjectStage.RUNNING},  # prolonged, as the tour was
    ProjectStage.STOPPED: set(),
}


class InterventionStatus(TextChoices):
    """A restricted track with an organisation under pressure."""

    PREPARING = "preparing", _("Voorbereiding")
    RUNNING = "running", _("Loopt")
    EVALUATING = "evaluating", _("Evaluatie")
    CLOSED = "closed", _("Afgesloten")
    CANCELLED = "cancelled", _("Gaat niet door")


INTERVENTION_NEXT: dict[InterventionStatus, set[InterventionStatus]] = {
    InterventionStatus.PREPARING: {InterventionStatus.RUNNING, InterventionStatus.CANCELLED},
    InterventionStatus.RUNNING: {InterventionStatus.EVALUATING, InterventionStatus.CANCELLED},
    InterventionStatus.EVALUATING: {InterventionStatus.RUNNING, InterventionStatus.CLOSED},
    InterventionStatus.CLOSED: set(),
    InterventionStatus.CANCELLED: set(),
}
