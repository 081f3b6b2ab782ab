"""How gunicorn serves the planner (read with `gunicorn -c python:planner.server`).

Two preloaded processes with four threads each: silent connections hold a thread, never the whole planner. The engine is
disposed before the fork, so that no two processes share a connection.
"""

from __future__ import annotations

import gc
from typing import Any

wsgi_app = "wsgi:app"
preload_app = True
workers = 2
worker_class = "gthread"
threads = 4
timeout = 30
graceful_timeout = 20
keepalive = 5
limit_request_line = 4094
accesslog = None  # it would hold the links of clients
loglevel = "warning"
control_socket_disable = True


def when_ready(_server: Any) -> None:
    """Everything that was loaded stays out of the collector's way and is shared between the processes."""
    gc.collect()
    gc.freeze()


def pre_fork(server: Any, _worker: Any) -> None:
    server.app.callable.extensions["planner"].store.db.dispose()
