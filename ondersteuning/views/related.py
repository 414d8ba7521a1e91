"""A reporter says at /volgen/ whether handlers of other cases about the same may know of theirs."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from ondersteuning import actions
from ondersteuning.forms.related import LinkAnswerForm, questions
from ondersteuning.models import Case

from . import follow
from .visits import following


@require_http_methods(["GET", "HEAD", "POST"])
@following
def links(request: HttpRequest, case: Case, visit: str) -> HttpResponse:
    """The questions that are asked, and the answers that were given, which can be taken back."""
    refused = None
    if request.method == "POST":
        refused = LinkAnswerForm(request.POST)
        if refused.is_valid():
            try:
                actions.answer_link(
                    case,
                    relation=refused.cleaned_data["relation"],
                    agrees=refused.cleaned_data["agrees"] == "yes",
                    visit=visit,
                )
            except ValidationError as error:  # a colleague undid the link, or it was answered in another tab
                return follow.show(request, case, visit, error=error.messages[0])
            return follow.see("verband")
    asked = questions(case)
    if not asked:
        return follow.see()
    for one in asked:
        one["form"] = _form_about(one, refused)
    context = {"questions": asked, "case": case, "form": refused}
    return render(request, "ondersteuning/volgen_verband.html", context, status=422 if refused else 200)


def _form_about(question: dict[str, object], refused: LinkAnswerForm | None) -> LinkAnswerForm:
    relation = str(question["relation"])
    form = LinkAnswerForm(initial={"relation": relation}, auto_id=f"id_{relation}_%s")
    if refused is not None and refused.data.get("relation") == relation:
        form = refused
        form.auto_id = f"id_{relation}_%s"
    form.fields["agrees"].label = question["text"]  # type: ignore[assignment]  # a lazy text is a text
    return form
