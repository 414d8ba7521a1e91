from __future__ import annotations

from collections.abc import Iterator

from .frame import Line, figure, measure


@figure(
    "B19",
    what="sealed fields: open five of a dossier",
    goal="≤ 1 ms besides its log row",
    peer="Fernet 0.4 ms",
)
def open_five_fields() -> Iterator[Line]:
    from tests.bench.database import as_owner
    from tests.vault.letters import Letter, tables
    from weerbaar.audit.api import Actor, Purpose, Result, log
    from weerbaar.vault import api as vault
    from weerbaar.vault.sealed import decrypt, encrypt, new_key

    as_owner(tables())
    anna, code = Actor(None, "Anna", "eerste_lijn"), vault.new_access_code()
    words = {
        "body": "x" * 1000,
        "verdict": "y" * 500,
        "street": "Dam 1",
        "facts": ["z"] * 50,
        "advice": "a" * 300,
    }
    made = vault.new(Letter, readers=[vault.Team.ONDERSTEUNING, code], content=words)
    vault.add_reader(made, vault.ZONE_MIJN, via=code)
    letter = Letter.objects.get(pk=made.pk)

    def opening() -> None:
        with vault.open(letter, by=anna, purpose=Purpose.HANDLE) as content:
            for name in words:
                getattr(content, name)

    def log_row() -> None:
        log(anna, dossier=letter.pk, purpose=Purpose.HANDLE, result=Result.OPENED)

    key = new_key()
    sealed = [encrypt(key, b"x" * size, b"place") for size in (1000, 500, 5, 250, 300)]
    floor = measure(lambda: [decrypt(key, value, b"place") for value in sealed])
    ours, row = measure(opening), measure(log_row)
    besides = ours.cpu - row.cpu
    yield Line("besides the log row", besides, floor.cpu, "ms", ok=besides <= 1, note=str(ours))
    yield Line("the log row itself, committed", row.cpu, None, "ms", note=str(row))
    made = measure(lambda: vault.new(Letter, readers=[vault.Team.ONDERSTEUNING, code_of()], content=words))
    yield Line("making a dossier with its lockboxes", made.cpu, None, "ms", note=str(made))


def code_of() -> object:
    from weerbaar.vault.codes import new_access_code

    return new_access_code()
