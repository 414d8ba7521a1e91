from __future__ import annotations

import os
import time

from django.core.management.base import BaseCommand, CommandParser

from weerbaar.jobs.ledger import drain
from weerbaar.jobs.registry import QUEUES


class Command(BaseCommand):
    help = "Runs what is due in the ledger, without Celery."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--queue", choices=QUEUES, action="append", help="default: every queue")
        parser.add_argument("--seconds", type=float, default=0, help="go on this long (default: one round)")

    def handle(self, *args: object, queue: list | None, seconds: float, **options: object) -> None:
        until, parent = time.monotonic() + seconds, os.getppid()
        while True:
            for each in queue or QUEUES:
                drain(each)
            if time.monotonic() >= until or os.getppid() != parent:  # nobody is left to stand in for
                return
            time.sleep(1)
