"""Celery as it comes, with a task that does nothing: the floor of B9."""

import os

from celery import Celery

app = Celery("bare", broker=os.environ.get("REDIS_URL"))
app.conf.update(task_ignore_result=True, broker_connection_retry_on_startup=True)


@app.task
def nothing(n: int) -> None: ...
