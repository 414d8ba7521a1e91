"""Settings of the web server: `gunicorn -c python:weerbaar.local.gunicorn weerbaar.wsgi`."""

import gc
import os
import signal

from weerbaar.local.supervisor import die_with

bind = os.environ.get("BIND", "127.0.0.1:8000")
workers = int(os.environ.get("WEB_WORKERS", "2"))
worker_class = "gthread"
threads = int(os.environ.get("WEB_THREADS", "4"))
preload_app = True
control_socket_disable = True
graceful_timeout = 5
timeout = 60
keepalive = 5
limit_request_line = 4096
accesslog = None  # who looked at which page is nobody's business


def pre_fork(server, worker) -> None:
    gc.freeze()  # the children share what was loaded; do not let the collector touch, and so copy, it


def post_fork(server, worker) -> None:
    die_with(server.pid, signal.SIGTERM)
