from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_GET

from netwerk.forms import MOST
from netwerk.models import Organisation


@require_GET
def organisation_search(request: HttpRequest) -> JsonResponse:
    """Organisations that fit what was typed so far, best first, for the type-ahead."""
    found = Organisation.objects.current().search(request.GET.get("q", ""))[:MOST]
    return JsonResponse(
        {
            "results": [
                {"code": one.code, "name": one.name, "layer": one.get_layer_display(), "label": one.label}
                for one in found
            ]
        }
    )
