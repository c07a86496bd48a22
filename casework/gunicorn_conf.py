"""gunicorn: threads, as pages wait for the database; no query strings in the log, people type into them."""

import os
import sys
from pathlib import Path
from typing import Any

from gunicorn.glogging import Logger

from casework.log_lines import page_only, what_broke

bind = os.environ.get("BIND", "127.0.0.1:8000")
wsgi_app = "casework.wsgi:application"
worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS", "1"))
threads = int(os.environ.get("WEB_THREADS", "8"))
timeout = 30
graceful_timeout = 10
keepalive = 5
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108  no disk, no stalls
control_socket_disable = True  # nothing listens that we do not need
forwarded_allow_ips = ""  # whose headers are believed is said once: TRUSTED_PROXIES, in casework.middleware
limit_request_line = 4094
accesslog = "-"
logger_class = "casework.gunicorn_conf.PagesOnly"
access_log_format = "%(t)s %(m)s %(U)s %(s)s %(B)s bytes %(M)s ms"


class PagesOnly(Logger):  # type: ignore[misc]  # gunicorn ships no types
    """gunicorn's lines, without what was typed and without the keys of links that let their reader in."""

    def exception(self, message: str, *about: Any, **more: Any) -> None:
        """A request that broke the server itself: its page, and where it broke."""
        named = tuple(page_only(one) if isinstance(one, str) else one for one in about)
        if (error := sys.exception()) is not None:
            self.error(f"{message}\n%s", *named, what_broke((type(error), error, error.__traceback__)))

    def atoms(self, *about: Any) -> dict[str, Any]:
        atoms: dict[str, Any] = super().atoms(*about)
        return atoms | {"U": page_only(str(atoms["U"]))}
