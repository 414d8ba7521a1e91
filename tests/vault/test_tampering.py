"""A swapped, moved, cut or flipped ciphertext or lockbox never opens."""

from __future__ import annotations

import uuid
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.vault.letters import Enclosure, Letter
from weerbaar.vault.codes import ALPHABET, AccessCode, new_access_code
from weerbaar.vault.compartments import Compartment
from weerbaar.vault.content import Content
from weerbaar.vault.errors import Tampered
from weerbaar.vault.keys import KeyPair, keyring
from weerbaar.vault.lockboxes import Bunch, make, payload, unseal
from weerbaar.vault.models import Lockbox
from weerbaar.vault.sealed import Sealed, bucket, decrypt, derive, encrypt, new_key

pytestmark = pytest.mark.django_db  # no queries; the house fixture opens a database anyway

TEXTS = st.text(max_size=300)
FIELDS = ["body", "verdict", "street"]


def opened(dossier: Letter | None = None, keys=None) -> Content:
    dossier = dossier or Letter()
    bunch = Bunch(dossier.pk, [])
    bunch._keys.update(keys or {compartment: new_key() for compartment in Compartment})
    bunch._boxes.update(dict.fromkeys(Compartment))
    return Content(dossier, bunch)


@given(TEXTS)
def test_what_is_sealed_opens_in_its_place(text):
    letter = Letter()
    content = opened(letter)
    content.seal(letter, body=text, facts={"text": text})
    assert content.body == text
    assert content.facts == {"text": text}


@given(TEXTS, st.data())
def test_a_flipped_bit_never_opens(text, data):
    letter = Letter()
    content = opened(letter)
    content.seal(letter, body=text)
    raw = bytearray(letter.body._ciphertext)
    bit = data.draw(st.integers(0, len(raw) * 8 - 1))
    raw[bit // 8] ^= 1 << bit % 8
    letter.body = Sealed(raw)
    with pytest.raises(Tampered):
        _ = content.body


@given(TEXTS, st.data())
def test_a_cut_or_lengthened_text_never_opens(text, data):
    letter = Letter()
    content = opened(letter)
    content.seal(letter, body=text)
    raw = letter.body._ciphertext
    start = data.draw(st.integers(0, len(raw)))
    end = data.draw(st.integers(start, len(raw)))
    for other in (raw[:start], raw[start:end], raw[:start] + raw[end:], raw + raw[start:end] + b"\0"):
        if other != raw:
            letter.body = Sealed(other)
            with pytest.raises(Tampered):
                _ = content.body


@pytest.mark.parametrize(("source", "target"), list(permutations([*FIELDS, "facts", "advice"], 2)))
def test_a_value_pasted_in_another_field_never_opens(source, target):
    letter = Letter()
    one = new_key()
    content = opened(letter, dict.fromkeys(Compartment, one))  # even under one and the same key
    content.seal(letter, **{source: "tekst"})
    setattr(letter, target, getattr(letter, source))
    with pytest.raises(Tampered):
        getattr(content, target)


def test_a_value_pasted_in_another_row_or_model_never_opens():
    keys = {compartment: new_key() for compartment in Compartment}
    letter = Letter()
    content = opened(letter, keys)
    content.seal(letter, body="tekst")
    same_id = Enclosure(id=letter.pk, remark=letter.body)
    first = Enclosure()
    content.seal(first, remark="opmerking")
    second, field = Enclosure(remark=first.remark), Enclosure(id=first.pk, other=first.remark)
    for look in (
        lambda: content.of(same_id).remark,
        lambda: content.of(second).remark,
        lambda: content.of(field).other,
        lambda: opened(Letter(id=uuid.uuid4(), body=letter.body), keys).body,
        lambda: opened(Letter(id=uuid.uuid4()), keys).of(first).remark,
    ):
        with pytest.raises(Tampered):
            look()
    assert content.of(first).remark == "opmerking"


def test_a_row_that_changes_compartment_takes_its_file_not_along():
    letter = Letter()
    content = opened(letter, dict.fromkeys(Compartment, new_key()))
    row = Enclosure(part=Compartment.INTERNAL)
    content.seal(row, file=b"geheim")
    row.part = Compartment.SHARED
    with pytest.raises(Tampered):
        _ = content.of(row).file


SIDES = st.sampled_from(["team:ondersteuning", "team:woningscan", "zone:mijn", "code"])


def side_of(reader: str) -> KeyPair:
    if reader == "code":
        return AccessCode("7" * 20).pair
    return next(pair for (name, _), pair in keyring().pairs.items() if name == reader)


@given(SIDES, st.data())
def test_a_moved_lockbox_never_opens(reader, data):
    side = side_of(reader)
    keys = {compartment: new_key() for compartment in Compartment}
    boxes = make(uuid.uuid4(), side, keys)
    box = data.draw(st.sampled_from(boxes))
    assert unseal(box, side) == keys[Compartment(box.compartment)]
    for column, value in [
        ("dossier", uuid.uuid4()),
        ("compartment", data.draw(st.sampled_from([c for c in Compartment if c != box.compartment]))),
        ("reader", data.draw(SIDES.filter(lambda other: other != reader))),
    ]:
        moved = Lockbox(
            **{"dossier": box.dossier, "compartment": box.compartment, "reader": box.reader} | {column: value}
        )
        moved.box = box.box
        with pytest.raises(Tampered):
            unseal(moved, side)


@given(SIDES, st.data())
def test_a_flipped_or_cut_lockbox_never_opens(reader, data):
    side = side_of(reader)
    (box, *_) = make(uuid.uuid4(), side, {compartment: new_key() for compartment in Compartment})
    raw = bytes(box.box)
    flipped = bytearray(raw)
    bit = data.draw(st.integers(0, len(raw) * 8 - 1))
    flipped[bit // 8] ^= 1 << bit % 8
    cut = raw[: data.draw(st.integers(0, len(raw) - 1))]
    for other in (bytes(flipped), cut, raw + cut + b"\0"):
        box.box = other
        with pytest.raises(Tampered):
            unseal(box, side)


@given(SIDES, SIDES)
def test_no_reader_opens_anothers_lockbox(one, other):
    if one == other:
        return
    (box, *_) = make(uuid.uuid4(), side_of(one), {compartment: new_key() for compartment in Compartment})
    with pytest.raises(Tampered):
        unseal(box, side_of(other))


def test_a_forged_lockbox_gives_a_key_that_opens_nothing():
    letter, side = Letter(), side_of("team:ondersteuning")
    opened(letter).seal(letter, body="tekst")
    forged = Lockbox(dossier=letter.pk, compartment="shared", reader=side.reader, key=side.fingerprint)
    forged.box = side.seal(payload(letter.pk, "shared", side.reader, new_key()))
    content = Content(letter, Bunch(letter.pk, [(forged, side)]))
    with pytest.raises(Tampered):
        _ = content.body


@given(st.binary(max_size=40_000))
def test_any_bytes_survive_the_padding(value):
    key = new_key()
    sealed = encrypt(key, value, b"here")
    assert decrypt(key, sealed, b"here") == value
    assert len(sealed) == 1 + 24 + bucket(len(value)) + 16


@given(st.integers(0, 200_000))
def test_a_bucket_holds_its_length_and_wastes_little(length):
    assert bucket(length) > length
    assert bucket(length) <= max(64, 2 * length + 2)
    assert bucket(length) <= bucket(length + 1)


@given(st.text(alphabet=ALPHABET, min_size=20, max_size=20), st.randoms())
def test_a_code_is_read_back_however_it_is_typed(digits, random):
    typed = "".join(
        {"0": random.choice("0Oo"), "1": random.choice("1IiLl")}.get(
            digit, random.choice((digit, digit.lower()))
        )
        + random.choice(("", " ", "-"))
        for digit in digits
    )
    assert AccessCode.parse(typed) == AccessCode(digits)
    assert AccessCode.parse(str(AccessCode(digits))) == AccessCode(digits)


def test_codes_use_all_their_bits():
    codes = {new_access_code().digits for _ in range(300)}
    assert len(codes) == 300
    for place in range(20):
        assert len({digits[place] for digits in codes}) > 25


@given(st.binary(max_size=20), st.binary(max_size=20))
def test_parts_of_a_derivation_cannot_run_into_each_other(one, other):
    key = b"k" * 32
    if one and other:
        assert derive(key, b"x", one, other) != derive(key, b"x", one + other)
    assert derive(key, b"x", one) != derive(key, b"y", one)
