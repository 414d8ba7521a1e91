"""Layers of government and the functions (offices) in them, with what a function may ask for."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _


class Layer(models.TextChoices):
    GEMEENTE = "gemeente", _("gemeente")
    PROVINCIE = "provincie", _("provincie")
    WATERSCHAP = "waterschap", _("waterschap")
    OPENBAAR_LICHAAM = "openbaar_lichaam", _("openbaar lichaam")


class Association(models.TextChoices):
    """The beroepsverenigingen that send the first line; each for its own functions."""

    NGB = "ngb", _("Nederlands Genootschap van Burgemeesters")
    WETHOUDERS = "wethouders", _("Wethoudersvereniging")
    RAADSLEDEN = "raadsleden", _("Nederlandse Vereniging voor Raadsleden")
    STATENLID = "statenlid", _("StatenlidNu")
    CDK = "cdk", _("Kring van commissarissen van de Koning")
    GRIFFIERS = "griffiers", _("Vereniging van Griffiers")
    SECRETARISSEN = "secretarissen", _("Vereniging van Gemeentesecretarissen")

    @property
    def functions(self) -> list[Function]:
        """The functions whose office holders it stands up for."""
        return [function for function, facts in FACTS.items() if facts.association == self]


class Function(models.TextChoices):
    """What somebody is in the public administration (domain.md 3)."""

    CDK = "cdk", _("commissaris van de Koning")
    GEDEPUTEERDE = "gedeputeerde", _("gedeputeerde")
    STATENLID = "statenlid", _("Statenlid")
    BURGEMEESTER = "burgemeester", _("burgemeester")
    WETHOUDER = "wethouder", _("wethouder")
    RAADSLID = "raadslid", _("raadslid")
    COMMISSIELID = "commissielid", _("commissielid of burgerlid")
    DIJKGRAAF = "dijkgraaf", _("dijkgraaf of voorzitter van een waterschap")
    DB_LID = "db_lid", _("lid van het dagelijks bestuur van een waterschap")
    AB_LID = "ab_lid", _("lid van het algemeen bestuur van een waterschap")
    GEZAGHEBBER = "gezaghebber", _("gezaghebber")
    EILANDGEDEPUTEERDE = "eilandgedeputeerde", _("eilandgedeputeerde")
    EILANDSRAADSLID = "eilandsraadslid", _("eilandsraadslid")
    GRIFFIER = "griffier", _("griffier")
    SECRETARIS = "secretaris", _("secretaris")
    CIVIL_SERVANT = "civil_servant", _("ambtenaar")
    CANDIDATE_BESTUURDER = "candidate_bestuurder", _("kandidaat-bestuurder")
    CANDIDATE_REPRESENTATIVE = "candidate_representative", _("kandidaat-volksvertegenwoordiger")
    FAMILY_MEMBER = "family_member", _("gezinslid van een ambtsdrager")
    FORMER_OFFICE_HOLDER = "former_office_holder", _("oud-ambtsdrager")

    @property
    def layer(self) -> Layer | None:
        """The one layer that has this function; None where several have it."""
        return FACTS[self].layer

    @property
    def is_office(self) -> bool:
        """Whether somebody is elected or appointed to it: an office is of one layer, others of none."""
        return self.layer is not None

    @property
    def is_bestuurder(self) -> bool:
        """Whether this is a member of the executive."""
        return FACTS[self].is_bestuurder

    @property
    def may_use_regeling(self) -> bool:
        """Whether the employer provides security measures (Regeling, Stcrt. 2023, 28233; domain.md 2.3.3).

        The islands have legal rules of their own, so their bestuurders are not in it.
        """
        return self.is_bestuurder and self.layer != Layer.OPENBAAR_LICHAAM

    @property
    def may_home_scan(self) -> bool:
        """Whether a woningscan may be asked for: every office holder, elected or appointed."""
        return FACTS[self].may_home_scan

    @property
    def may_integrity_test(self) -> bool:
        """Whether the basistoets is for them: bestuurders and candidates."""
        return FACTS[self].may_integrity_test

    @property
    def association(self) -> Association | None:
        """The association that sends the first line for this function; None where there is none."""
        return FACTS[self].association


@dataclass(frozen=True)
class Facts:
    layer: Layer | None = None
    is_bestuurder: bool = False
    may_home_scan: bool = False
    may_integrity_test: bool = False
    association: Association | None = None


def _bestuurder(layer: Layer, association: Association | None = None) -> Facts:
    return Facts(layer, True, True, True, association)


def _representative(layer: Layer, association: Association | None = None) -> Facts:
    return Facts(layer, may_home_scan=True, association=association)


FACTS: dict[Function, Facts] = {
    Function.CDK: _bestuurder(Layer.PROVINCIE, Association.CDK),
    Function.GEDEPUTEERDE: _bestuurder(Layer.PROVINCIE),
    Function.STATENLID: _representative(Layer.PROVINCIE, Association.STATENLID),
    Function.BURGEMEESTER: _bestuurder(Layer.GEMEENTE, Association.NGB),
    Function.WETHOUDER: _bestuurder(Layer.GEMEENTE, Association.WETHOUDERS),
    Function.RAADSLID: _representative(Layer.GEMEENTE, Association.RAADSLEDEN),
    Function.COMMISSIELID: Facts(Layer.GEMEENTE, association=Association.RAADSLEDEN),
    Function.DIJKGRAAF: _bestuurder(Layer.WATERSCHAP),
    Function.DB_LID: _bestuurder(Layer.WATERSCHAP),
    Function.AB_LID: _representative(Layer.WATERSCHAP),
    Function.GEZAGHEBBER: _bestuurder(Layer.OPENBAAR_LICHAAM),
    Function.EILANDGEDEPUTEERDE: _bestuurder(Layer.OPENBAAR_LICHAAM),
    Function.EILANDSRAADSLID: _representative(Layer.OPENBAAR_LICHAAM),
    Function.GRIFFIER: Facts(association=Association.GRIFFIERS),
    Function.SECRETARIS: Facts(association=Association.SECRETARISSEN),
    Function.CIVIL_SERVANT: Facts(),
    # before the appointment too, once it is certain
    Function.CANDIDATE_BESTUURDER: Facts(may_home_scan=True, may_integrity_test=True),
    Function.CANDIDATE_REPRESENTATIVE: Facts(may_integrity_test=True),
    Function.FAMILY_MEMBER: Facts(),
    Function.FORMER_OFFICE_HOLDER: Facts(),
}
