"""The words of the network: kinds, categories, phases and topics (domain.md 1.7 and 3)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class ItemKind(models.TextChoices):
    """What an item of the toolkit is."""

    GUIDE = "guide", _("Handreiking")
    PROTOCOL = "protocol", _("Protocol")
    STEPS = "steps", _("Stappenplan")
    FACTSHEET = "factsheet", _("Factsheet")
    STANDARD = "standard", _("Norm")
    TRAINING = "training", _("Training")
    RESEARCH = "research", _("Onderzoek of monitor")
    PARLIAMENT = "parliament", _("Kamerstuk")
    REGULATION = "regulation", _("Regeling")
    PRACTICE = "practice", _("Praktijkvoorbeeld")
    PRESENTATION = "presentation", _("Presentatie")
    TOOL = "tool", _("Hulpmiddel")
    SITE = "site", _("Website")


class Category(models.TextChoices):
    """The five labels under which the network has always published (source S4)."""

    SAFETY_TRAINING = "safety_training", _("Preventie en trainingen veiligheid")
    HOME = "home", _("Veiligheid woning")
    SUPPORT_TEAM = "support_team", _("Ondersteuningsteam")
    SCREENING = "screening", _("Screening")
    INTEGRITY_TRAINING = "integrity_training", _("Preventie en trainingen integriteit")


class Phase(models.TextChoices):
    BEFORE = "before", _("Voor een incident")
    DURING = "during", _("Tijdens een incident")
    AFTER = "after", _("Na een incident")


class Spoor(models.TextChoices):
    """The three tracks of the programme Weerbaar Bestuur (source S0)."""

    PEOPLE = "1", _("Spoor 1: integriteit en veiligheid van politieke ambtsdragers")
    UNDERMINING = "2", _("Spoor 2: aanpak van ondermijning en maatschappelijke weerbaarheid")
    DEMOCRACY = "3", _("Spoor 3: tegengaan van ondemocratische beïnvloeding")
    OTHER = "other", _("Overig")


class Topic(models.TextChoices):
    """What something is about. Not the yearly priorities that the partners choose: see `Theme`."""

    PERSONAL_SAFETY = "personal_safety", _("Persoonlijke veiligheid")
    HOME = "home", _("Veilig wonen")
    ONLINE = "online", _("Online veiligheid")
    FAMILY = "family", _("Gezin")
    REPORTING = "reporting", _("Melden en aangifte")
    AFTERCARE = "aftercare", _("Nazorg")
    INTEGRITY = "integrity", _("Integriteit")
    SCREENING = "screening", _("Screening")
    UNDERMINING = "undermining", _("Ondermijning")
    PROCESSES = "processes", _("Kwetsbare processen")
    INFORMATION = "information", _("Informatiepositie")
    DISINFORMATION = "disinformation", _("Desinformatie")
    INFLUENCE = "influence", _("Ondemocratische beïnvloeding")
    LEGAL_PRESSURE = "legal_pressure", _("Juridische druk")
    MEETINGS = "meetings", _("Veilig vergaderen")
    ORGANISATION = "organisation", _("Weerbare organisatie")
    UNREST = "unrest", _("Maatschappelijke onrust")


class Access(models.TextChoices):
    """Who may see a record, or download what belongs to it. A later line lets fewer people in."""

    PUBLIC = "public", _("Openbaar")
    NETWORK = "network", _("Iedereen met een account")
    ORGANISATIONS = "organisations", _("Bepaalde organisaties of personen")
    TEAM = "team", _("Ondersteuningsteam")
