from __future__ import annotations

import copy
import json
import logging
import pickle
import uuid

import pytest
from django.core.exceptions import FieldError, ValidationError
from django.core.serializers import serialize
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, connections, transaction
from django.db.models import Count, Exists, OuterRef, Q
from django.forms import modelform_factory
from django.template import Context, Template
from django.test.utils import CaptureQueriesContext

from tests.vault.conftest import write_letter
from tests.vault.letters import Enclosure, Letter
from weerbaar.audit.api import AccessLog, AuditUnavailable, Purpose, Result
from weerbaar.vault import api as vault
from weerbaar.vault.api import Closed, Compartment, NoKey, Stale, Team
from weerbaar.vault.models import Lockbox


def test_what_is_written_is_read_by_the_team(letter, handler):
    with vault.open(letter, by=handler, purpose=Purpose.HANDLE) as content:
        assert content.body == "Wat er gebeurde"
        assert content.verdict is None


def test_what_is_written_is_read_with_the_code(letter, code):
    found = vault.find_by_code(Letter, vault.AccessCode.parse(str(code).lower().replace("-", " ")))
    with vault.open(found, code=code, purpose=Purpose.FOLLOW) as content:
        assert content.body == "Wat er gebeurde"


def test_an_unknown_code_finds_nothing_in_as_many_queries(letter, code, django_assert_num_queries):
    with django_assert_num_queries(2):  # the first presents the code
        assert vault.find_by_code(Letter, vault.new_access_code()) is None
    with django_assert_num_queries(2):
        assert vault.find_by_code(Letter, code) == letter


@pytest.mark.parametrize("text", ["", " ", "é" * 10_000, "\0", "x" * 63, "x" * 64, "🚨"])
def test_any_text_survives(code, handler, text):
    letter = write_letter(code, text, facts={"a": [text, None, 1.5]})
    letter = Letter.objects.get(pk=letter.pk)
    with vault.open(letter, by=handler, purpose=Purpose.HANDLE) as content:
        assert content.body == text
        assert content.facts == {"a": [text, None, 1.5]}


def test_the_reporter_never_opens_what_is_internal(letter, code, handler):
    vault.write(letter, verdict="onbetrouwbaar")
    with vault.open(letter, by=handler, purpose=Purpose.HANDLE) as content:
        assert content.verdict == "onbetrouwbaar"
    with vault.open(letter, code=code, purpose=Purpose.FOLLOW) as content:
        assert not content.may_read(Compartment.INTERNAL)
        with pytest.raises(NoKey):
            _ = content.verdict


def test_nobody_can_be_given_more_than_their_kind_may_have(letter, code):
    with pytest.raises(ValueError, match="may not"):
        vault.add_reader(letter, code, compartments=[Compartment.INTERNAL])
    with pytest.raises(ValueError, match="may not"):
        vault.add_reader(letter, vault.ZONE_MIJN, compartments=[Compartment.ADDRESS])


def test_the_organisation_reads_its_part_and_no_other(code, settings):
    letter = write_letter(code, advice="Doe aangifte")
    vault.add_reader(letter, vault.ZONE_MIJN, via=code)
    settings.VAULT_PRIVATE_KEYS = [key for key in settings.VAULT_PRIVATE_KEYS if key.startswith("zone:mijn")]
    with vault.open(letter, by=vault_actor("organisatiecontact"), purpose=Purpose.SHARED) as content:
        assert content.advice == "Doe aangifte"
        with pytest.raises(NoKey):
            _ = content.body


def vault_actor(role):
    from weerbaar.audit.api import Actor

    return Actor(id=uuid.uuid4(), name="Griffier", role=role)


def test_after_closing_nothing_opens(letter, handler):
    with vault.open(letter, by=handler, purpose=Purpose.HANDLE) as content:
        opened = content.of(letter)
    for look in (lambda: content.body, lambda: opened.body, lambda: content.compartments):
        with pytest.raises(Closed):
            look()
    with pytest.raises(Closed):
        content.seal(letter, body="x")


def test_a_child_row_opens_through_its_dossier(letter, handler):
    row = Enclosure(letter=letter, part=Compartment.INTERNAL)
    vault.seal(letter, row, remark="bijlage", file=b"%PDF")
    row.save()
    with vault.open(letter, by=handler, purpose=Purpose.HANDLE) as content:
        ((same, opened),) = content.rows(letter.enclosures.all())
        assert same == row
        assert opened.remark == "bijlage"
        assert opened.file == b"%PDF"


def test_a_child_row_of_another_dossier_does_not_open(letter, code, handler):
    other = write_letter(vault.new_access_code())
    row = Enclosure(letter=other)
    vault.seal(other, row, remark="van een ander")
    with vault.open(letter, by=handler, purpose=Purpose.HANDLE) as content, pytest.raises(vault.Tampered):
        _ = content.of(row).remark


def test_opening_takes_two_queries_and_logs_once(letter, handler):
    with (
        CaptureQueriesContext(connections["default"]) as work,
        CaptureQueriesContext(connections["audit"]) as trail,
        vault.open(letter, by=handler, purpose=Purpose.HANDLE, detail="zaakdossier") as content,
    ):
        _ = content.body, content.facts, content.street
    assert len(work) == 1
    assert [query["sql"][:6] for query in trail if "SAVEPOINT" not in query["sql"]] == ["INSERT"]
    row = AccessLog.objects.get(dossier=letter.pk)
    assert (row.result, row.purpose, row.role, row.actor_name, row.detail) == (
        Result.OPENED,
        Purpose.HANDLE,
        "eerste_lijn",
        "Anna",
        "zaakdossier",
    )


def test_a_try_without_a_key_is_logged_and_refused(letter, handler, settings):
    settings.VAULT_PRIVATE_KEYS = [key for key in settings.VAULT_PRIVATE_KEYS if "woningscan" in key]
    with pytest.raises(NoKey), vault.open(letter, by=handler, purpose=Purpose.HANDLE):
        pytest.fail("opened")
    with pytest.raises(NoKey), vault.open(letter, code=vault.new_access_code(), purpose=Purpose.FOLLOW):
        pytest.fail("opened")
    rows = (
        AccessLog.objects.filter(dossier=letter.pk).order_by("id").values_list("result", "role", "actor_name")
    )
    assert list(rows) == [(Result.NO_KEY, "eerste_lijn", "Anna"), (Result.NO_KEY, "melder", "")]


def test_without_a_log_there_is_no_content_but_writing_goes_on(letter, code, handler):
    def fail(execute, sql, params, many, context):
        from django.db import OperationalError

        raise OperationalError("no log")

    with connections["audit"].execute_wrapper(fail):
        with pytest.raises(AuditUnavailable), vault.open(letter, by=handler, purpose=Purpose.HANDLE):
            pytest.fail("opened")
        with pytest.raises(AuditUnavailable):
            next(vault.open_many([letter], by=handler, purpose=Purpose.SEARCH))
        write_letter(vault.new_access_code())
        row = Enclosure(letter=letter)
        vault.seal(letter, row, code=code, remark="antwoord")
        row.save()


def test_the_log_row_outlives_a_rollback(own_database, handler):
    letter = write_letter(vault.new_access_code())
    with transaction.atomic():
        with vault.open(letter, by=handler, purpose=Purpose.HANDLE) as content:
            assert content.body
        transaction.set_rollback(True)
    assert AccessLog.objects.filter(dossier=letter.pk, result=Result.OPENED).count() == 1


def test_the_log_refuses_to_wait_for_somebody_elses_transaction(own_database, handler):
    letter = write_letter(vault.new_access_code())
    opening = vault.open(letter, by=handler, purpose=Purpose.HANDLE)
    with pytest.raises(RuntimeError), transaction.atomic(using="audit"), opening:
        pytest.fail("opened")


def test_many_open_one_after_the_other(handler, django_assert_num_queries):
    letters = [write_letter(vault.new_access_code(), f"brief {n}") for n in range(5)]
    vault.remove_reader(letters[3], Team.ONDERSTEUNING)
    with django_assert_num_queries(1):
        read = []
        for letter, content in vault.open_many(letters, by=handler, purpose=Purpose.SEARCH):
            read.append((letter, content.body))
    assert read == [(letters[n], f"brief {n}") for n in (0, 1, 2, 4)]
    with pytest.raises(Closed):
        _ = content.body
    opened = AccessLog.objects.filter(purpose=Purpose.SEARCH).values_list("dossier", "result")
    assert sorted(opened) == sorted([(letters[n].pk, "no_key" if n == 3 else "opened") for n in range(5)])


def test_a_sealed_value_shows_itself_nowhere(letter, caplog):
    value = letter.body
    secret = value._ciphertext
    shown = [
        str(value),
        repr(value),
        f"{value}",
        f"{value!r:>10}",
        f"{value} {value!r}",
        f"{[value]}",
    ]
    shown.append(
        Template("{{ letter.body }} {{ letter.body|default:'x' }}").render(Context({"letter": letter}))
    )
    with caplog.at_level(logging.INFO):
        logging.getLogger("test").info("brief %s", value)
    try:
        raise ValueError(value)
    except ValueError as error:
        shown += [str(error), repr(error)]
    for text in [*shown, caplog.text]:
        assert "•••" in text or "..." in text
        assert "gebeurde" not in text
        assert str(secret) not in text
    for leak in (
        lambda: json.dumps(value),
        lambda: json.dumps({"a": value}, cls=DjangoJSONEncoder),
        lambda: pickle.dumps(value),
        lambda: pickle.dumps(letter),
        lambda: serialize("json", [letter]),
        lambda: bytes(value),
    ):
        with pytest.raises((TypeError, FieldError, ValueError)):
            leak()
    assert copy.deepcopy(letter).body == value


def test_an_open_dossier_shows_itself_nowhere(letter, handler):
    with vault.open(letter, by=handler, purpose=Purpose.HANDLE) as content:
        for thing in (content, content.of(letter)):
            assert "gebeurde" not in f"{thing} {thing!r}"
            with pytest.raises(TypeError):
                pickle.dumps(thing)
        with pytest.raises(TypeError):
            copy.copy(content)


def test_a_plain_value_is_refused_at_the_door(letter):
    with pytest.raises(TypeError) as refused:
        letter.body = "geheim"
    assert "geheim" not in str(refused.value)
    with pytest.raises(TypeError):
        Letter(body="geheim")
    with pytest.raises(TypeError):
        Letter.objects.filter(pk=letter.pk).update(body="geheim")


@pytest.mark.parametrize(
    "use",
    [
        lambda: list(Letter.objects.filter(body="x")),
        lambda: list(Letter.objects.filter(body__icontains="x")),
        lambda: list(Letter.objects.exclude(body__in=["x"])),
        lambda: modelform_factory(Letter, fields=["body"]),
        lambda: Letter._meta.get_field("body").formfield(),
    ],
)
def test_a_sealed_field_cannot_be_searched_or_put_in_a_form(use):
    with pytest.raises(FieldError):
        use()


def test_a_sealed_field_cannot_be_ordered_by(letter):
    with pytest.raises(FieldError):
        list(Letter.objects.order_by("body"))
    with pytest.raises(FieldError):
        list(Enclosure.objects.order_by("letter__body"))


def test_whether_something_was_written_is_no_secret(letter):
    empty = Letter.objects.filter(body__isnull=True)
    assert not Letter.objects.filter(pk__in=empty).exists()
    assert (
        Letter.objects.filter(Exists(Letter.objects.filter(pk=OuterRef("pk"), body__isnull=False))).get()
        == letter
    )
    assert Letter.objects.annotate(pages=Count("enclosures")).get().body == letter.body
    assert Letter.objects.values_list("body", flat=True).get() == letter.body
    assert (
        Letter.objects.filter(Q(colour="x") | Q(body__isnull=False)).defer("body").get().body == letter.body
    )
    assert Enclosure.objects.select_related("letter").filter(letter__body__isnull=True).count() == 0


def test_too_long_a_text_is_refused_in_words_a_form_can_show(letter, handler):
    with pytest.raises(ValidationError, match="te lang") as refused:
        vault.write(letter, body="x" * 20_001)
    assert "xxx" not in str(refused.value)


def test_a_stale_writer_changes_nothing(letter, handler):
    seen = letter.version
    vault.write(letter, version=seen, verdict="eerste")
    with pytest.raises(Stale):
        vault.write(Letter.objects.get(pk=letter.pk), version=seen, verdict="tweede")
    letter = Letter.objects.get(pk=letter.pk)
    with vault.open(letter, by=handler, purpose=Purpose.HANDLE) as content:
        assert content.verdict == "eerste"


def test_writing_saves_what_was_written_and_nothing_else(letter):
    mine, theirs = Letter.objects.get(pk=letter.pk), Letter.objects.get(pk=letter.pk)
    vault.write(theirs, colour="blauw")
    vault.write(mine, verdict="goed")
    assert Letter.objects.get(pk=letter.pk).colour == "blauw"
    assert Letter.objects.get(pk=letter.pk).version == 3


def test_writing_reads_nothing_and_logs_nothing(letter):
    vault.write(letter, verdict="goed", colour="rood")
    assert not AccessLog.objects.filter(dossier=letter.pk).exists()


def test_a_visit_opens_for_half_an_hour(letter, code):
    token = vault.start_visit(letter, code)
    assert vault.find_by_visit(Letter, token) == letter
    with vault.open(letter, visit=token, purpose=Purpose.FOLLOW) as content:
        assert content.body == "Wat er gebeurde"
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE vault_lockbox SET expires_at = now() - interval '1 second' WHERE expires_at > now()"
        )
    assert vault.find_by_visit(Letter, token) is None
    with pytest.raises(NoKey), vault.open(letter, visit=token, purpose=Purpose.FOLLOW):
        pytest.fail("opened")
    vault.end_expired_visits()
    assert not Lockbox.objects.filter(expires_at__isnull=False).exists()


def test_leaving_ends_the_visit_at_once(letter, code):
    token = vault.start_visit(letter, code)
    vault.end_visit(token)
    assert vault.find_by_visit(Letter, token) is None


def test_neither_code_nor_token_is_in_the_database(letter, code):
    token = vault.start_visit(letter, code)
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(t::text, ' ') FROM vault_lockbox t")
        dump = cursor.fetchone()[0]
    assert token not in dump
    assert code.digits not in dump
    assert code.digits.encode().hex() not in dump


def test_the_same_draft_gives_the_same_code():
    assert vault.AccessCode.derive(b"a" * 32) == vault.AccessCode.derive(b"a" * 32)
    assert vault.AccessCode.derive(b"a" * 32) != vault.AccessCode.derive(b"b" * 32)
    assert "XXXX" not in repr(vault.AccessCode("X" * 20))


@pytest.mark.parametrize("text", ["", "ABCD", "U" * 20, "0" * 21, "ABCD-EFGH-JKMN-PQRS-TVW?"])
def test_what_is_no_code_is_refused(text):
    with pytest.raises(ValueError):
        vault.AccessCode.parse(text)


def test_a_code_forgives_how_it_is_typed():
    code = vault.AccessCode("0O1IL"[0] + "1" * 4 + "ABCDEFGHJKMNPQR")
    assert vault.AccessCode.parse(" oil11-abcd efgh jkmn pqr\n".replace("oil11", "oil1l")) == code


def test_shredding_leaves_nothing_to_open(letter, code, handler):
    vault.index(letter, ["Jansen"])
    vault.shred(letter)
    assert vault.find_by_code(Letter, code) is None
    assert not vault.find_by_person(Letter.objects.all(), "Jansen").exists()
    with pytest.raises(NoKey), vault.open(letter, by=handler, purpose=Purpose.HANDLE):
        pytest.fail("opened")


def test_a_person_is_found_without_being_named(letter):
    vault.index(letter, ["van 't Hoff", "J.Hoff@Voorbeeld.NL"])
    assert list(vault.find_by_person(Letter.objects.all(), "Van 't hoff")) == [letter]
    assert list(vault.find_by_person(Letter.objects.all(), "j.hoff@voorbeeld.nl")) == [letter]
    assert not vault.find_by_person(Letter.objects.all(), "hoff").exists()


def test_a_digest_is_the_dossiers_own(letter, code):
    other = write_letter(vault.new_access_code())
    assert vault.digest(letter, b"zelfde") == vault.digest(letter, b"zelfde", code=code)
    assert vault.digest(letter, b"zelfde") != vault.digest(other, b"zelfde")


def test_lengths_hide_in_buckets(code):
    lengths = {len(write_letter(vault.new_access_code(), "x" * n).body._ciphertext) for n in range(0, 60, 7)}
    assert len(lengths) == 1
