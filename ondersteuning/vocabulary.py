"""The words a report is made of (domain: type agressie, kanaal, gericht op, motief, ernst)."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Kind(TextChoices):
    THREAT = "threat", _("Bedreiging")
    INTIMIDATION = "intimidation", _("Intimidatie of druk")
    VERBAL = "verbal", _("Schelden of beledigen")
    WRITTEN = "written", _("Nare of dreigende brief, mail of bericht")
    STALKING = "stalking", _("Stalking of lastigvallen")
    DOXING = "doxing", _("Mijn gegevens zijn verspreid (doxing)")
    ONLINE_HATE = "online_hate", _("Online haat of een campagne")
    SEXUAL = "sexual", _("Seksuele intimidatie")
    DISCRIMINATION = "discrimination", _("Discriminatie")
    VIOLENCE = "violence", _("Lichamelijk geweld")
    VANDALISM = "vandalism", _("Vernieling van mijn spullen")
    HOME_VISIT = "home_visit", _("Iemand kwam aan mijn huis")
    BLACKMAIL = "blackmail", _("Chantage")
    BRIBERY = "bribery", _("Omkoping of verleiding")
    LEGAL_PRESSURE = "legal_pressure", _("Juridische druk")
    SMEAR = "smear", _("Smaad of desinformatie")
    OTHER = "other", _("Iets anders")


class Channel(TextChoices):
    SOCIAL_MEDIA = "social_media", _("Sociale media")
    EMAIL = "email", _("E-mail")
    PHONE = "phone", _("Telefoon of berichten-app")
    POST = "post", _("Post of pakket")
    TOWN_HALL = "town_hall", _("In het gemeentehuis, provinciehuis of waterschapshuis")
    PUBLIC = "public", _("Op straat of een andere openbare plek")
    HOME = "home", _("Thuis")
    MEETING = "meeting", _("Tijdens een vergadering")
    DEMONSTRATION = "demonstration", _("Bij een demonstratie")
    TRAVEL = "travel", _("Onderweg")
    THIRD_PARTY = "third_party", _("Via iemand anders")
    OTHER = "other", _("Anders")


class Target(TextChoices):
    OFFICE = "office", _("Mijn werk als ambtsdrager")
    PERSON = "person", _("Mij als persoon")
    FAMILY = "family", _("Mijn gezin of familie")
    GROUP = "group", _("Mijn fractie of het college")
    ORGANISATION = "organisation", _("De organisatie")


class Motive(TextChoices):
    FRUSTRATION = "frustration", _("Boosheid over een besluit of de overheid")
    CRIMINAL = "criminal", _("Iemand met een crimineel belang")
    OWN_INTEREST = "own_interest", _("Iemand met een eigen belang")
    IDEOLOGY = "ideology", _("Een overtuiging of actiegroep")
    CONFUSED = "confused", _("Verward of onbegrepen gedrag")
    FOREIGN = "foreign", _("Een ander land")
    UNKNOWN = "unknown", _("Dat weet ik niet")


class Frequency(TextChoices):
    ONCE = "once", _("Eén keer")
    REPEATED = "repeated", _("Vaker dan één keer")
    ONGOING = "ongoing", _("Het gaat nu nog door")


class Severity(TextChoices):
    """How serious the reporter feels it is; not the same as the urgency of the triage."""

    ANNOYING = "annoying", _("Hinderlijk")
    SERIOUS = "serious", _("Ernstig")
    VERY_SERIOUS = "very_serious", _("Heel ernstig: ik voel me niet veilig")


class Wish(TextChoices):
    """Who the reporter wants to read the report."""

    TEAM = "team", _("Het ondersteuningsteam")
    ORGANISATION = "organisation", _("Mijn eigen organisatie")
    BOTH = "both", _("Allebei")
    COUNT = "count", _("Niemand: ik wil alleen dat het wordt meegeteld")


class OnBehalf(TextChoices):
    SELF = "self", _("Voor mijzelf")
    OTHER = "other", _("Voor iemand anders")
    SEVERAL = "several", _("Voor meer mensen, bijvoorbeeld een hele raad")


class Consent(TextChoices):
    """Whether the person concerned agrees with a report on their behalf."""

    GIVEN = "given", _("Ja, diegene weet het en is het ermee eens")
    ASKED = "asked", _("Ik heb het gevraagd en wacht op antwoord")
    NOT_ASKED = "not_asked", _("Nee, dat heb ik nog niet gevraagd")


class Source(TextChoices):
    REPORT = "report", _("Melding")
    CALLBACK = "callback", _("Terugbelverzoek")
    PHONE = "phone", _("Aangenomen per telefoon")
    PAPER = "paper", _("Aangenomen op papier")
    GROUP = "group", _("Uit één voorval met meer mensen")
    SIGNAL = "signal", _("Uit een signaal")


class Line(TextChoices):
    FIRST = "first", _("Eerste lijn")
    SECOND = "second", _("Tweede lijn")


class Expertise(TextChoices):
    SECURITY = "security", _("Beveiliging")
    LEGAL = "legal", _("Rechtshulp")
    PSYCHOSOCIAL = "psychosocial", _("Psychosociale hulp")
    FAMILY = "family", _("Gezin en kind")
    ONLINE = "online", _("Online en digitaal")
    MEDIA = "media", _("Media en communicatie")
    INTEGRITY = "integrity", _("Integriteit")
    CRIMINAL_PROCEEDINGS = "criminal_proceedings", _("Aangifte en strafproces")


class Outcome(TextChoices):
    """How a case ended."""

    SUPPORTED = "supported", _("Ondersteuning gegeven, het gaat weer")
    ADVICE = "advice", _("Advies gegeven")
    ELSEWHERE = "elsewhere", _("Hulp loopt verder bij een ander")
    NO_CONTACT = "no_contact", _("Geen contact gekregen")
    NOT_FOR_US = "not_for_us", _("Niet voor het ondersteuningsteam")


class SafeMoment(TextChoices):
    """When it is safe to call the reporter, in Dutch time."""

    ANY = "any", _("Zo snel mogelijk, dag en nacht")
    OFFICE_HOURS = "office_hours", _("Op werkdagen tussen 9.00 en 17.00 uur")
    MORNING = "morning", _("'s Ochtends, tussen 9.00 en 12.00 uur")
    AFTERNOON = "afternoon", _("'s Middags, tussen 12.00 en 17.00 uur")
    EVENING = "evening", _("'s Avonds, tussen 17.00 en 21.00 uur")


class CarePersonRelation(TextChoices):
    """Who else gets aftercare: it happened to them as well."""

    PARTNER = "partner", _("Partner")
    CHILD = "child", _("Kind")
    FAMILY = "family", _("Ander familielid")
    WITNESS = "witness", _("Getuige")
    COLLEAGUE = "colleague", _("Collega of medewerker")

    @classmethod
    def near(cls) -> list[CarePersonRelation]:
        """Who belongs to the reporter."""
        return [cls.PARTNER, cls.CHILD, cls.FAMILY]


class FiledBy(TextChoices):
    REPORTER = "reporter", _("De melder zelf")
    EMPLOYER = "employer", _("De organisatie als werkgever")


class DamageClaim(TextChoices):
    NONE = "none", _("Niet aan de orde")
    CONSIDERED = "considered", _("Wordt overwogen")
    JOINED = "joined", _("Gevoegd in het strafproces")
    CIVIL = "civil", _("Via de burgerlijke rechter")
    AWARDED = "awarded", _("Toegewezen")
    REFUSED = "refused", _("Afgewezen")


class LegalMoment(TextChoices):
    HEARING = "hearing", _("Zitting")
    JUDGMENT = "judgment", _("Uitspraak")
    TERM = "term", _("Termijn om te reageren")
    STATEMENT = "statement", _("Verklaring bij politie of rechter")
    CLAIM = "claim", _("Schadeformulier inleveren")


class PressureKind(TextChoices):
    """Procedures that are used to intimidate (WODC, Onder druk, 2023)."""

    COMPLAINT = "complaint", _("Klacht")
    CHARGE = "charge", _("(Onterechte) aanklacht")
    LIABILITY = "liability", _("Persoonlijk aansprakelijk gesteld")
    CIVIL = "civil", _("Civiele procedure of kort geding")
    REQUESTS = "requests", _("Stapel verzoeken of bezwaren")
    DEFAMATION = "defamation", _("Aangifte of eis wegens smaad")
    OTHER = "other", _("Iets anders")


class MeasureKind(TextChoices):
    STRUCTURAL = "structural", _("Bouwkundig")
    ELECTRONIC = "electronic", _("Elektronisch")
    ORGANISATIONAL = "organisational", _("Organisatorisch")
    DIGITAL = "digital", _("Digitaal")
    BEHAVIOUR = "behaviour", _("Gedrag en gezin")
    TRANSPORT = "transport", _("Vervoer")
    SURROUNDINGS = "surroundings", _("Omgeving")
    TRAINING = "training", _("Training")
    REGISTERS = "registers", _("Afscherming in registers")


class Domain(TextChoices):
    """The four domains of a security advice."""

    HOME = "home", _("Wonen")
    WORK = "work", _("Werken")
    TRAVEL = "travel", _("Verplaatsen")
    INFORMATION = "information", _("(Digitale) informatie")


class Priority(TextChoices):
    NOW = "now", _("Direct, binnen 7 dagen")
    HIGH = "high", _("Hoog, binnen 30 dagen")
    MEDIUM = "medium", _("Midden, binnen 90 dagen")
    LOW = "low", _("Laag of optie")


class Owner(TextChoices):
    """Who sees to a measure."""

    REPORTER = "reporter", _("De melder")
    EMPLOYER = "employer", _("De organisatie")
    TEAM = "team", _("Het ondersteuningsteam")
    POLICE = "police", _("De politie")
    OTHER = "other", _("Iemand anders")


class Payer(TextChoices):
    EMPLOYER = "employer", _("De organisatie")
    REPORTER = "reporter", _("De melder")
    MINISTRY = "ministry", _("BZK")
    NOBODY = "nobody", _("Kost niets")


class Alert(TextChoices):
    """How soon the owner of a saved view hears of new cases in it."""

    NONE = "none", _("Geen")
    AT_ONCE = "at_once", _("Meteen")
    DAILY = "daily", _("Eén keer per dag")


class Relation(TextChoices):
    SAME_REPORTER = "same_reporter", _("Dezelfde melder")
    SAME_INCIDENT = "same_incident", _("Hetzelfde voorval")
    SAME_ORGANISATION = "same_organisation", _("Dezelfde organisatie")


class Again(TextChoices):
    """How it is some weeks after closing."""

    GOOD = "good", _("Het gaat goed")
    HARD = "hard", _("Het gaat, maar ik heb er nog last van")
    AGAIN = "again", _("Het is weer begonnen")


class Helped(TextChoices):
    YES = "yes", _("Ja")
    PARTLY = "partly", _("Een beetje")
    NO = "no", _("Nee")


class SignalKind(TextChoices):
    """Attempts to influence that are no incident yet."""

    CHARM = "charm", _("Iemand wil te dichtbij komen: cadeaus, vleierij, uitnodigingen")
    INFORMATION = "information", _("Iemand vist naar informatie")
    PRESSURE = "pressure", _("Lichte druk of een vreemde opmerking")
    MONEY = "money", _("Vreemd geld, sponsoring of een aanbod")
    CAMPAIGN = "campaign", _("Onware verhalen of een campagne die begint")
    FOREIGN = "foreign", _("Inmenging uit een ander land")
    OTHER = "other", _("Iets anders")


class FunctionGroup(TextChoices):
    """What public figures tell of somebody's function: a function of its own could point at a person."""

    EXECUTIVE = "executive", _("Bestuurders")
    REPRESENTATIVE = "representative", _("Volksvertegenwoordigers")
    CLERK = "clerk", _("Griffiers en secretarissen")
    CIVIL_SERVANT = "civil_servant", _("Ambtenaren")
    CANDIDATE = "candidate", _("Kandidaten")
    OTHER = "other", _("Gezinsleden en oud-ambtsdragers")
    UNKNOWN = "unknown", _("Niet bekend")


class SignalTheme(TextChoices):
    """The theme of the network that a signal feeds."""

    SUBVERSION = "subversion", _("Ondermijning")
    FOREIGN_INFLUENCE = "foreign_influence", _("Ondemocratische beïnvloeding")
    DISINFORMATION = "disinformation", _("Desinformatie")
    INTEGRITY = "integrity", _("Integriteit")
    VULNERABLE_PROCESSES = "vulnerable_processes", _("Kwetsbare processen")
    LEGAL_PRESSURE = "legal_pressure", _("Juridische druk")
    ONLINE_SAFETY = "online_safety", _("Online veiligheid")
    UNREST = "unrest", _("Maatschappelijke onrust")
