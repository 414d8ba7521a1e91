"""What an organisation signs: by its contact, for a term, in public or not; and what a merger does to it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from netwerk.actions import sign_norm, withdraw_norm
from netwerk.actions.norm import _years_on
from netwerk.functions import Layer
from netwerk.models import Contact, Declaration, NormSignature, Organisation
from netwerk.tasks.basis import ask_to_renew_norms
from weerbaar.accounts.roles import Role
from weerbaar.jobs import run_due


@pytest.fixture
def almere():
    return Organisation.objects.create(code="GM0034", name="Almere", layer=Layer.GEMEENTE)


@pytest.fixture
def griffier(almere, make_user):
    user = make_user(Role.ORGANISATIECONTACT)
    Contact.objects.create(organisation=almere, user=user, function="griffier", label="de griffier")
    return user


def address(organisation, kind="norm", more=""):
    return f"/mijn/organisatie/norm/{organisation.pk}/{kind}/{more}"


ANSWERS = {"agreed": "on", "is_public": "yes"}


def test_a_contact_reads_agrees_looks_again_and_signs(client, sign_in, almere, griffier):
    sign_in(client, griffier)
    assert "Nog niet ondertekend" in client.get("/mijn/organisatie/norm/").content.decode()
    assert "Emotie mag, agressie niet" in client.get(address(almere)).content.decode()
    refused = client.post(address(almere), {"is_public": "yes"})
    assert refused.status_code == 422
    assert "Bevestig dat u namens uw organisatie" in refused.content.decode()
    check = client.post(address(almere), ANSWERS)
    assert "Klopt dit?" in check.content.decode()
    assert not NormSignature.objects.exists()
    assert client.post(address(almere), ANSWERS | {"sure": "1"}).status_code == 302
    signature = NormSignature.objects.get()
    assert (signature.kind, signature.signed_by, signature.signed_as) == ("norm", griffier, "griffier")
    assert signature.valid_until.year == timezone.localdate().year + 4
    assert "Almere" in client.get("/norm/").content.decode()


def test_renewing_makes_a_new_one_and_keeps_the_past(almere, griffier):
    first = sign_norm(almere, Declaration.NORM, is_public=True, by=griffier)
    second = sign_norm(almere, Declaration.NORM, is_public=False, by=griffier)
    first.refresh_from_db()
    assert first.ended_at
    assert list(NormSignature.objects.current()) == [second]
    assert NormSignature.objects.count() == 2


def test_withdrawing_takes_it_from_the_list_at_once(client, sign_in, almere, griffier):
    sign_norm(almere, Declaration.CODE, is_public=True, by=griffier)
    sign_in(client, griffier)
    assert "Almere" in client.get("/norm/").content.decode()
    assert "meteen niet meer" in client.get(address(almere, "gedragscode", "intrekken/")).content.decode()
    assert NormSignature.objects.current().exists()  # looking changes nothing
    assert client.post(address(almere, "gedragscode", "intrekken/")).status_code == 302
    assert "Almere" not in client.get("/norm/").content.decode()
    assert client.post(address(almere, "gedragscode", "intrekken/")).status_code == 404


def test_who_is_no_contact_of_it_signs_nothing(client, sign_in, almere, griffier, make_user):
    urk = Organisation.objects.create(code="GM0184", name="Urk", layer=Layer.GEMEENTE)
    for verb in (sign_norm, withdraw_norm):
        more = {"is_public": True} if verb is sign_norm else {}
        with pytest.raises(PermissionDenied):
            verb(urk, Declaration.NORM, by=griffier, **more)
    sign_in(client, griffier)
    assert client.post(address(urk), ANSWERS | {"sure": "1"}).status_code == 404
    assert client.get(address(almere, "onzin")).status_code == 404
    sign_in(client, make_user(Role.AMBTSDRAGER))
    assert client.get("/mijn/organisatie/norm/").status_code == 404
    assert not NormSignature.objects.exists()


def test_a_contact_whose_term_ended_signs_nothing_more(almere, griffier):
    Contact.objects.update(valid_from="2020-01-01", valid_until=timezone.localdate())
    with pytest.raises(PermissionDenied):
        sign_norm(almere, Declaration.NORM, is_public=True, by=griffier)


def test_what_is_not_public_or_ran_out_is_on_no_list(client, almere, griffier):
    signature = sign_norm(almere, Declaration.NORM, is_public=False, by=griffier)
    assert "Almere" not in client.get("/norm/").content.decode()
    signature.is_public, signature.signed_on, signature.valid_until = True, "2020-01-01", timezone.localdate()
    signature.save()
    assert "Almere" not in client.get("/norm/").content.decode()


def test_what_a_merged_organisation_signed_is_history_and_the_successor_signs_anew(
    client, sign_in, almere, griffier
):
    """Wijdemeren into Hilversum."""
    gone = Organisation.objects.create(code="GM1696", name="Wijdemeren", layer=Layer.GEMEENTE)
    clerk = griffier
    Contact.objects.create(organisation=gone, user=clerk, function="griffier", label="de griffier")
    signature = sign_norm(gone, Declaration.NORM, is_public=True, by=clerk)
    today = timezone.localdate()
    gone.valid_until, gone.successor = today, almere
    gone.save()
    assert not NormSignature.objects.current(today).filter(pk=signature.pk).exists()
    assert NormSignature.objects.current(today - timedelta(days=1)).count() == 0  # it was not signed then
    page = client.get("/norm/").content.decode()
    assert "Wijdemeren (tot" in page
    assert "nu Almere" in page
    assert "0 organisaties" not in page
    assert "Er staat nog geen organisatie op deze lijst" in page
    sign_in(client, clerk)
    own = client.get("/mijn/organisatie/norm/").content.decode()
    assert "Wijdemeren" not in own
    assert "in de uwe is opgegaan had dit ondertekend" in own
    with pytest.raises(PermissionDenied):
        sign_norm(gone, Declaration.NORM, is_public=True, by=clerk)


def test_the_contacts_are_asked_once_to_renew(almere, griffier, settings, tmp_path):
    settings.MAIL_DIR, settings.ZONES = str(tmp_path), frozenset()  # a worker
    signature = sign_norm(almere, Declaration.NORM, is_public=True, by=griffier)
    now = timezone.now()
    ask_to_renew_norms(now)
    run_due()
    assert not list(tmp_path.glob("*.eml"))
    signature.valid_until = timezone.localdate() + timedelta(days=60)
    signature.save()
    for _ in range(2):
        ask_to_renew_norms(now)
        run_due()
    (letter,) = tmp_path.glob("*.eml")
    assert f"To: {griffier.email}" in letter.read_text()
    assert "norm" not in letter.read_text().lower().replace("enorm", "")


def test_the_database_keeps_one_that_stands(almere, griffier):
    sign_norm(almere, Declaration.NORM, is_public=True, by=griffier)
    with pytest.raises(IntegrityError), transaction.atomic():
        NormSignature.objects.create(
            organisation=almere, kind="norm", valid_until="2100-01-01", signed_as="griffier"
        )


def test_four_years_on_from_the_29th_of_february():
    assert _years_on(date(2028, 2, 29)) == date(2032, 2, 29)
    assert _years_on(date(2096, 2, 29)) == date(2100, 3, 1)


def test_the_list_is_one_query_at_three_and_at_thirty(client):
    def cost():
        with CaptureQueriesContext(connection) as found:
            page = client.get("/norm/").content.decode()
        return len(found), page.count('<th scope="row">')

    def sign(first, last):
        for number in range(first, last):
            place = Organisation.objects.create(
                code=f"WS{number:04}", name=f"Polder {number}", layer=Layer.WATERSCHAP
            )
            for kind in Declaration:
                NormSignature.objects.create(
                    organisation=place, kind=kind, valid_until="2100-01-01", signed_as="secretaris"
                )

    sign(0, 3)
    assert cost() == (1, 3)
    sign(3, 30)
    assert cost() == (1, 30)


def test_the_own_page_costs_the_same_for_one_organisation_and_for_ten(client, sign_in, griffier):
    def cost():
        with CaptureQueriesContext(connection) as found:
            assert client.get("/mijn/organisatie/norm/").status_code == 200
        return len(found)

    sign_in(client, griffier)
    cost()
    before = cost()
    for number in range(9):
        place = Organisation.objects.create(
            code=f"WS{number:04}", name=f"Polder {number}", layer=Layer.WATERSCHAP
        )
        Contact.objects.create(organisation=place, user=griffier, function="secretaris", label="x")
        sign_norm(place, Declaration.NORM, is_public=True, by=griffier)
    assert cost() == before == 5


def test_the_network_office_sees_all_and_changes_nothing(client, sign_in, almere, griffier, make_user):
    signature = sign_norm(almere, Declaration.NORM, is_public=False, by=griffier)
    sign_in(client, make_user(Role.NETWERKBEHEER))
    assert "Almere" in client.get("/beheer/netwerk/normsignature/").content.decode()
    assert "Almere" not in client.get("/beheer/netwerk/normsignature/?geldig=niet").content.decode()
    address = f"/beheer/netwerk/normsignature/{signature.pk}/change/"
    assert client.get(address).status_code == 200
    assert client.post(address, {"is_public": "on"}).status_code == 403
