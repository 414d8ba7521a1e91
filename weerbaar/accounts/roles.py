"""The table of roles: who may do what. Put in place after each migrate; code asks for permissions."""

from __future__ import annotations

from django.apps import AppConfig, apps
from django.contrib.auth.management import create_permissions
from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What somebody is in the network. Later in the list weighs more: see `User.main_role`."""

    AMBTSDRAGER = "ambtsdrager", _("politieke ambtsdrager")
    ORGANISATIECONTACT = "organisatiecontact", _("contactpersoon van de organisatie")
    PARTNER = "partner", _("netwerkpartner")
    SCANADVISEUR = "scanadviseur", _("scanadviseur")
    TOETSADVISEUR = "toetsadviseur", _("toetsadviseur")
    BEVEILIGINGSAUTORITEIT = "beveiligingsautoriteit", _("beveiligingsautoriteit")
    NETWERKBEHEER = "netwerkbeheer", _("netwerkbeheer")
    EERSTE_LIJN = "eerste_lijn", _("ondersteuningsteam, eerste lijn")
    TWEEDE_LIJN = "tweede_lijn", _("ondersteuningsteam, tweede lijn")
    COORDINATOR = "coordinator", _("coördinator van het ondersteuningsteam")
    AUDITOR = "auditor", _("auditor")
    TECHNISCH_BEHEER = "technisch_beheer", _("technisch beheer")


class Duty(models.TextChoices):
    """Nobody holds two of these: who keeps the machine, who checks it, who reads what is in it."""

    TECHNICAL = "technical", _("technisch beheer")
    AUDITOR = "auditor", _("controle")
    CONTENT = "content", _("inhoud")


ROLES: dict[Role, set[str]] = {
    Role.AMBTSDRAGER: set(),
    Role.ORGANISATIECONTACT: set(),
    Role.PARTNER: set(),
    Role.SCANADVISEUR: set(),
    Role.TOETSADVISEUR: set(),
    Role.BEVEILIGINGSAUTORITEIT: set(),
    Role.NETWERKBEHEER: {
        "accounts.invite_user",
        "accounts.revoke_role",
        "ondersteuning.view_tourvisit",
        "netwerk.view_partner",
        "netwerk.add_partner",
        "netwerk.change_partner",
        "netwerk.view_partnermember",
        "netwerk.add_partnermember",
        "netwerk.change_partnermember",
        "netwerk.view_item",
        "netwerk.add_item",
        "netwerk.change_item",
        "netwerk.view_theme",
        "netwerk.add_theme",
        "netwerk.change_theme",
        "netwerk.view_themeround",
        "netwerk.add_themeround",
        "netwerk.change_themeround",
        "netwerk.view_meeting",
        "netwerk.add_meeting",
        "netwerk.change_meeting",
        "netwerk.view_agendaitem",
        "netwerk.add_agendaitem",
        "netwerk.change_agendaitem",
        "netwerk.delete_agendaitem",
        "netwerk.view_meetingdocument",
        "netwerk.add_meetingdocument",
        "netwerk.change_meetingdocument",
        "netwerk.delete_meetingdocument",
        "netwerk.view_decision",
        "netwerk.add_decision",
        "netwerk.change_decision",
        "netwerk.delete_decision",
        "netwerk.view_training",
        "netwerk.add_training",
        "netwerk.change_training",
        "netwerk.view_trainingedition",
        "netwerk.add_trainingedition",
        "netwerk.change_trainingedition",
        "netwerk.view_trainingsession",
        "netwerk.add_trainingsession",
        "netwerk.change_trainingsession",
        "netwerk.delete_trainingsession",
        "netwerk.view_signup",
        "netwerk.change_signup",
        "netwerk.import_item",
        "netwerk.export_item",
        "netwerk.view_synonym",
        "netwerk.add_synonym",
        "netwerk.change_synonym",
        "netwerk.delete_synonym",
        "netwerk.view_organisation",
        "netwerk.add_organisation",
        "netwerk.change_organisation",
        "netwerk.view_contact",
        "netwerk.add_contact",
        "netwerk.change_contact",
        "netwerk.view_membership",
        "netwerk.add_membership",
        "netwerk.change_membership",
        "netwerk.view_normsignature",
        "netwerk.view_project",
        "netwerk.add_project",
        "netwerk.change_project",
        "netwerk.view_grant",
        "netwerk.add_grant",
        "netwerk.change_grant",
        "netwerk.delete_grant",
        "netwerk.view_budget",
        "netwerk.add_budget",
        "netwerk.change_budget",
        "netwerk.delete_budget",
        "netwerk.view_policydossier",
        "netwerk.add_policydossier",
        "netwerk.change_policydossier",
        "netwerk.view_policyevent",
        "netwerk.add_policyevent",
        "netwerk.change_policyevent",
        "netwerk.delete_policyevent",
        "netwerk.view_policylink",
        "netwerk.add_policylink",
        "netwerk.change_policylink",
        "netwerk.delete_policylink",
        "netwerk.view_story",
        "netwerk.add_story",
        "netwerk.change_story",
        "netwerk.view_signalcard",
        "netwerk.add_signalcard",
        "netwerk.change_signalcard",
        "netwerk.add_intervention",  # sees those that it is let into, and no others
        "netwerk.join_intervention",
        "netwerk.view_interventionstep",
        "netwerk.add_interventionstep",
        "netwerk.change_interventionstep",
        "ondersteuning.view_countedreport",
        "netwerk.import_organisation",
        "netwerk.export_organisation",
        "netwerk.import_partner",
        "netwerk.export_partner",
        "netwerk.view_reportingpoint",
        "netwerk.add_reportingpoint",
        "netwerk.change_reportingpoint",
        "netwerk.delete_reportingpoint",
        "netwerk.view_keyfigure",
        "netwerk.add_keyfigure",
        "netwerk.change_keyfigure",
        "netwerk.import_keyfigure",
        "netwerk.export_keyfigure",
    },
    Role.EERSTE_LIJN: {
        "netwerk.view_partner",
        "netwerk.read_team_item",
        "netwerk.plan_talk",
        "ondersteuning.view_teammember",
        "ondersteuning.view_tourvisit",
        "ondersteuning.see_queue",
        "ondersteuning.handle_case",
        "ondersteuning.be_on_duty",
        "ondersteuning.take_report",
    },
    Role.TWEEDE_LIJN: {
        "netwerk.view_partner",
        "netwerk.read_team_item",
        "ondersteuning.view_teammember",
        "ondersteuning.handle_case",
        "ondersteuning.accept_handover",
    },
    Role.COORDINATOR: {
        "accounts.invite_user",
        "accounts.revoke_role",
        "netwerk.view_partner",
        "netwerk.read_team_item",
        "netwerk.plan_talk",
        "netwerk.join_intervention",
        "netwerk.view_interventionstep",
        "netwerk.add_interventionstep",
        "netwerk.change_interventionstep",
        "ondersteuning.view_teammember",
        "ondersteuning.add_teammember",
        "ondersteuning.change_teammember",
        "ondersteuning.delete_teammember",
        "ondersteuning.plan_tour",
        "ondersteuning.see_all_cases",
        "ondersteuning.assign_case",
        "ondersteuning.plan_duty",
        "ondersteuning.be_on_duty",
        "ondersteuning.view_countedreport",
        "ondersteuning.view_messagetemplate",
        "ondersteuning.add_messagetemplate",
        "ondersteuning.change_messagetemplate",
        "ondersteuning.break_glass",
        "ondersteuning.review_break_glass",
        "ondersteuning.export_case",
        "ondersteuning.agree_export",
        "ondersteuning.take_report",
        "ondersteuning.import_report",
        "ondersteuning.decide_erasure",
    },
    Role.AUDITOR: {
        "audit.view_accesslog",
        "audit.view_seal",
        "ondersteuning.see_all_cases",
        "ondersteuning.review_break_glass",
        "ondersteuning.agree_export",
    },
    Role.TECHNISCH_BEHEER: {
        "accounts.view_user",
        "accounts.change_user",
        "accounts.revoke_role",
        "jobs.view_job",
        "jobs.change_job",
    },
}

# Whom a role may invite. The other roles come from `manage.py invite`, by who runs the machine.
MAY_INVITE: dict[Role, frozenset[Role]] = {
    Role.COORDINATOR: frozenset({Role.EERSTE_LIJN, Role.TWEEDE_LIJN}),
    Role.NETWERKBEHEER: frozenset(
        {
            Role.AMBTSDRAGER,
            Role.ORGANISATIECONTACT,
            Role.PARTNER,
            Role.SCANADVISEUR,
            Role.TOETSADVISEUR,
            Role.BEVEILIGINGSAUTORITEIT,
        }
    ),
}

# Whose role somebody may take away: what one may give, and for technisch beheer those of the two inviters.
MAY_REVOKE: dict[Role, frozenset[Role]] = MAY_INVITE | {
    Role.TECHNISCH_BEHEER: frozenset({Role.COORDINATOR, Role.NETWERKBEHEER}),
}

# Who works at /beheer/; everybody else signs in at /mijn/.
STAFF_ROLES = frozenset(Role) - {Role.AMBTSDRAGER, Role.ORGANISATIECONTACT, Role.PARTNER}
LINE_ROLES = frozenset({Role.EERSTE_LIJN, Role.TWEEDE_LIJN})

DUTIES: dict[Role, Duty] = {
    Role.TECHNISCH_BEHEER: Duty.TECHNICAL,
    Role.AUDITOR: Duty.AUDITOR,
    Role.ORGANISATIECONTACT: Duty.CONTENT,
    Role.SCANADVISEUR: Duty.CONTENT,
    Role.TOETSADVISEUR: Duty.CONTENT,
    Role.BEVEILIGINGSAUTORITEIT: Duty.CONTENT,
    Role.EERSTE_LIJN: Duty.CONTENT,
    Role.TWEEDE_LIJN: Duty.CONTENT,
    Role.COORDINATOR: Duty.CONTENT,
}


def sync_roles(sender: AppConfig, using: str, **kwargs: object) -> None:
    """Make the groups of the database say what `ROLES` says. Runs after each migrate."""
    Group, Permission = apps.get_model("auth.Group"), apps.get_model("auth.Permission")
    for config in apps.get_app_configs():  # ours runs first; later apps have no permissions yet
        create_permissions(config, verbosity=0, using=using)
    known = {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in Permission.objects.using(using).select_related("content_type")
    }
    for role, names in ROLES.items():
        group, _created = Group.objects.using(using).get_or_create(name=role.value)
        group.permissions.set([known[name] for name in names if name in known])
