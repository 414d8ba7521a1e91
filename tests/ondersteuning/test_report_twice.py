"""The same report from several clicks at once, with real commits."""

from __future__ import annotations

import threading

from django.db import connections
from django.test import Client

from netwerk.models import Organisation
from ondersteuning.models import Case

from .walk import fill_in


def test_eight_clicks_at_once_make_one_report(own_database):
    Organisation.objects.create(code="GM9001", name="Testdam", layer="gemeente", province_code="PV26")
    client = Client()
    fill_in(client)
    gate, answers = threading.Barrier(8), []

    def click() -> None:
        browser = Client()
        browser.cookies = client.cookies
        gate.wait()
        try:
            response = browser.post("/melden/controleren/")
            answers.append((response.status_code, response["Location"]))
        finally:
            for alias in connections:
                connections[alias].close()

    threads = [threading.Thread(target=click) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [(303, "/melden/verstuurd/")] * 8
    assert Case.objects.count() == 1
