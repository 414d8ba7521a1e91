"""Cases that belong together: linked by hand, and one incident with many persons."""

from __future__ import annotations

import secrets
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from netwerk.functions import Function
from ondersteuning import actions
from ondersteuning.forms.fields import PhoneField
from ondersteuning.models import Case, CaseLink
from ondersteuning.vocabulary import Relation

from .desk import Desk
from .forms import DeskForm, TextForm
from .verb import Answers, Group, Verb, handles

HOW = _("Eén persoon op een regel: naam; telefoonnummer; e-mailadres. Alleen de naam is nodig.")


class LinkForm(DeskForm):
    reference = forms.CharField(
        label=_("Kenmerk van de andere zaak"),
        help_text=_("Bijvoorbeeld WB-7K3M-9Q2T. U moet die zaak zelf kunnen zien."),
        max_length=20,
        error_messages={"required": _("Vul het kenmerk van de andere zaak in.")},
    )
    relation = forms.ChoiceField(
        label=_("Waarom horen ze bij elkaar?"),
        choices=Relation.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Kies waarom deze zaken bij elkaar horen.")},
    )

    def clean_reference(self) -> Case:
        """The other case; one that is not there and one that this colleague may not see sound alike."""
        typed = self.cleaned_data["reference"].strip().upper().replace(" ", "-")
        found = Case.objects.visible_to(self.desk.user).filter(reference=typed).first()
        if found is None:
            raise ValidationError(_("Een zaak met dit kenmerk ziet u niet. Vraag het de coördinator."))
        if found == self.desk.case:
            raise ValidationError(_("Dit is het kenmerk van deze zaak zelf."))
        return found


class LinksForm(DeskForm):
    """A choice among the links of this case that the colleague may know of."""

    link = forms.ModelChoiceField(
        label=_("Welk verband?"),
        queryset=CaseLink.objects.none(),
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={"required": _("Kies een verband."), "invalid_choice": _("Kies een verband.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = links_of(self.desk)
        field: Any = self.fields["link"]
        field.queryset = CaseLink.objects.of(self.desk.case)
        field.choices = [
            (row["link"].pk, f"{row['name']}: {row['link'].get_relation_display()}") for row in rows
        ]


class AnswerForm(DeskForm):
    relation = forms.ChoiceField(label=_("Waarover ging de vraag?"), choices=(), widget=forms.RadioSelect)
    agrees = forms.ChoiceField(
        label=_("Wat zei de melder?"),
        choices=[("yes", _("Ja, dat mag")), ("no", _("Nee, liever niet"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Kies wat de melder zei.")},
    )

    def __init__(self, desk: Desk, *args: Any, **kwargs: Any) -> None:
        super().__init__(desk, *args, **kwargs)
        asked = {link.relation for link in linked(desk) if link.relation != Relation.SAME_REPORTER}
        field: Any = self.fields["relation"]
        field.choices = [choice for choice in Relation.choices if choice[0] in asked]


class PeopleForm(TextForm):
    people = forms.CharField(
        label=_("Om wie gaat het?"),
        help_text=HOW,
        widget=forms.Textarea,
        error_messages={"required": _("Vul ten minste één naam in.")},
    )
    function = forms.ChoiceField(
        label=_("Functie van deze mensen"),
        choices=[("", _("Verschilt, of niet bekend")), *Function.choices],
        required=False,
    )
    mine = forms.ChoiceField(
        label=_("Wie begeleidt hen?"),
        choices=[("yes", _("Ik")), ("no", _("Ze komen in de wachtrij, voor wie tijd heeft"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Kies wie hen begeleidt.")},
    )
    submission = forms.CharField(widget=forms.HiddenInput, min_length=40, max_length=64)
    field_order = ["people", "function", "text", "mine"]

    def __init__(self, desk: Desk, data: Any = None, **kwargs: Any) -> None:
        kwargs.setdefault("submission", secrets.token_urlsafe(32))
        super().__init__(desk, data, function=desk.case.function, **kwargs)
        self.fields["text"].label = _("Wat is er gebeurd, voor iedereen gelijk?")
        self.fields["text"].help_text = _(
            "Iedereen leest dit in de eigen zaak. Schrijf er dus niets in dat over één persoon gaat."
        )

    def clean_people(self) -> list[actions.Person]:
        lines = [line.strip() for line in self.cleaned_data["people"].splitlines() if line.strip()]
        if len(lines) > actions.MOST_PEOPLE:
            raise ValidationError(
                _("Er kunnen hoogstens %(most)s mensen tegelijk.") % {"most": actions.MOST_PEOPLE}
            )
        return [_person(number, line) for number, line in enumerate(lines, 1)]


def _person(number: int, line: str) -> actions.Person:
    """ "Ada; 06 12345678; ada@voorbeeld.nl": what follows the name in any order, and may be left out."""
    name, *rest = [part.strip() for part in line.split(";")]
    phone = email = ""
    try:
        for part in filter(None, rest):
            if "@" in part:
                validate_email(part)
                email = part
            else:
                phone = PhoneField().clean(part)
    except ValidationError:
        raise ValidationError(
            _("Regel %(number)s klopt niet. %(how)s") % {"number": number, "how": HOW}
        ) from None
    if not name or len(name) > 100:
        raise ValidationError(_("Regel %(number)s heeft geen (te lange) naam.") % {"number": number})
    return actions.Person(name, actions.Contactable(name=name, phone=phone, email=email))


def linked(desk: Desk) -> list[CaseLink]:
    """The links of this case, asked for once a request."""
    if "links" not in desk.__dict__:
        found = CaseLink.objects.of(desk.case).select_related("one__handler", "other__handler", "by")
        desk.__dict__["links"] = list(found.order_by("at", "pk"))
    links: list[CaseLink] = desk.__dict__["links"]
    return links


def links_of(desk: Desk) -> list[dict[str, Any]]:
    """For each link what this colleague may know: the other case only when both reporters agreed, or when
    the colleague sees that case anyway. Two queries, however many there are."""
    links = linked(desk)
    others = [link.other if link.one_id == desk.case.pk else link.one for link in links]
    visible = (
        set(
            Case.objects.visible_to(desk.user)
            .filter(pk__in=[one.pk for one in others])
            .values_list("pk", flat=True)
        )
        if links
        else set()
    )
    rows = []
    for link, other in zip(links, others, strict=True):
        is_seen = other.pk in visible
        known = is_seen or link.is_agreed
        rows.append(
            {
                "link": link,
                "other": other if known else None,
                "name": other.reference if known else str(_("Een andere zaak")),
                "is_seen": is_seen,
                "is_agreed": link.is_agreed,
                "own_reporter_agreed": link.is_agreed_by(desk.case),
            }
        )
    return rows


def _link(desk: Desk, answers: Answers) -> object:
    return actions.link_cases(desk.case, answers["reference"], relation=answers["relation"], by=desk.user)


def _answer(desk: Desk, answers: Answers) -> object:
    return actions.answer_link(
        desk.case, relation=answers["relation"], agrees=answers["agrees"] == "yes", by=desk.user
    )


def _undo(desk: Desk, answers: Answers) -> object:
    return actions.undo_link(answers["link"], by=desk.user)


def _make(desk: Desk, answers: Answers) -> object:
    return actions.make_cases_for(
        desk.case,
        answers["people"],
        narrative=answers["text"],
        function=answers["function"],
        mine=answers["mine"] == "yes",
        submission=answers["submission"],
        by=desk.user,
        version=answers["version"],
    )


LINKED = _("Het verband is gelegd. Voor een verband tussen melders vragen we het nu aan allebei.")
WHY_LINK = _(
    "Horen twee zaken bij elkaar? Leg dat hier vast. Zijn het twee melders, dan weten behandelaars "
    "pas van elkaars zaak als allebei ja zeggen. Een verband gaat nooit over een dader."
)
VERBS = [
    Verb(
        "personen",
        _("Zaken maken voor meer mensen"),
        fits=handles,
        do=_make,
        done=_("De zaken zijn gemaakt."),
        group=Group.CASE,
        form=PeopleForm,
        explain=_(
            "Eén voorval tegen meer mensen, bijvoorbeeld een hele raad: ieder krijgt een eigen zaak, een "
            "eigen toegangscode en eigen begeleiding. De zaken worden met deze verbonden. Niemand "
            "ziet daardoor wat een ander schrijft."
        ),
        shown_once="admin/ondersteuning/case/codes.html",
    ),
    Verb(
        "verband",
        _("Verbinden met een andere zaak"),
        fits=lambda desk: desk.may_open,
        do=_link,
        done=LINKED,
        group=Group.CASE,
        form=LinkForm,
        explain=WHY_LINK,
        back_to="verband",
    ),
    Verb(  # by who sees both envelopes, when two colleagues handle one each
        "verband-leggen",
        _("Verbinden met een andere zaak"),
        fits=lambda desk: not desk.may_open and desk.user.has_perm("ondersteuning.assign_case"),
        do=_link,
        done=LINKED,
        group=Group.CASE,
        form=LinkForm,
        explain=WHY_LINK,
        reads_content=False,
        right="ondersteuning.assign_case",
    ),
    Verb(
        "verband-antwoord",
        _("De melder antwoordde telefonisch over een verband"),
        fits=lambda desk: (
            desk.may_open and any(link.relation != Relation.SAME_REPORTER for link in linked(desk))
        ),
        do=_answer,
        done=_("Het antwoord is vastgelegd."),
        group=Group.REPORTER,
        form=AnswerForm,
        explain=_(
            "Vraag: mag wie een andere zaak over hetzelfde behandelt, weten dat deze zaak er is? Leg alleen "
            "vast wat de melder u zelf zei. Met nee vervalt het verband."
        ),
        back_to="verband",
    ),
    Verb(
        "verband-verbreken",
        _("Verband verbreken"),
        fits=lambda desk: desk.may_open and bool(linked(desk)),
        do=_undo,
        done=_("Het verband is verbroken."),
        group=Group.CASE,
        form=LinksForm,
        back_to="verband",
    ),
]
