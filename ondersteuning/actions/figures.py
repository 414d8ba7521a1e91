from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ondersteuning import figures
from ondersteuning.models import YearTotal


@transaction.atomic
def publish_year(year: int) -> bool:
    """Publish the totals of a closed year, once and for good; False when that was done, or nothing came in.

    The exact numbers are forgotten here. Raises ValidationError for a year that is not closed yet.
    """
    if year > figures.last_closed_year(timezone.now()):
        raise ValidationError(_("Dit jaar kan nog niet worden gepubliceerd."))
    exact = figures.counts(year)
    if YearTotal.objects.filter(year=year).exists() or not exact[YearTotal.Part.ALL].total():
        return False
    YearTotal.objects.bulk_create(
        YearTotal(year=year, part=part, key=key, tens=tens)
        for part, lines in figures.in_tens(exact).items()
        for key, tens in lines.items()
    )
    return True
