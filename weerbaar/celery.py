"""Celery runs the ledger (weerbaar.jobs); Redis carries nothing but ticks, which may be lost.

celery -A weerbaar beat
celery -A weerbaar worker -Q default -c 2 -n default@%h --without-gossip --without-mingle --without-heartbeat
celery -A weerbaar worker -Q pdf -c 1 -n pdf@%h --without-gossip --without-mingle --without-heartbeat
"""

import os

from celery import Celery
from celery.signals import celeryd_after_setup, task_received, worker_shutting_down
from kombu import Exchange, Queue

from weerbaar.jobs import standin
from weerbaar.jobs.ledger import drain, mark
from weerbaar.jobs.registry import QUEUES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "weerbaar.settings")

DIRECT = Exchange("")  # the exchange that needs no bindings: a flushed Redis forgets those
TICK = {"task": "weerbaar.jobs.tick", "schedule": 2.0}

app = Celery("weerbaar")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.update(
    task_queues=[Queue(name, DIRECT, routing_key=name) for name in QUEUES],
    task_default_queue="default",
    task_default_exchange="",
    task_default_routing_key="default",
    task_create_missing_queues=False,
    task_ignore_result=True,
    task_publish_retry=False,
    task_time_limit=120,  # a job that hangs takes its process with it; its lease lapses and it is tried again
    accept_content=["json"],
    beat_schedule={
        f"tick-{name}": TICK | {"args": (name,), "options": {"queue": name, "expires": 10.0}}
        for name in QUEUES
    },
    beat_scheduler="celery.beat:Scheduler",  # no state: a tick that is missed is made up by the next
    beat_max_loop_interval=2.0,
    broker_connection_max_retries=None,  # for ever
    broker_connection_retry_on_startup=True,
    broker_transport_options={
        "socket_timeout": 5.0,
        "socket_connect_timeout": 2.0,
        "retry_on_timeout": False,
    },
    worker_prefetch_multiplier=1,
    worker_enable_remote_control=False,  # nobody stops a worker through Redis
    worker_redirect_stdouts=False,
    worker_hijack_root_logger=False,  # settings.LOGGING keeps words out of the log here too
)


@app.task(name=TICK["task"])
def tick(queue: str) -> None:
    """Run what is due in a queue. Any number of these may run at once."""
    if queue in QUEUES:
        mark(f"tick:{queue}")
        drain(queue)


celeryd_after_setup.connect(standin.watch)
task_received.connect(standin.tick_came)
worker_shutting_down.connect(standin.stop)
