"""How gunicorn runs web and portal: `gunicorn --config config/gunicorn.py config.wsgi`.

The access log holds paths without their queries and without referrers: signed addresses and searches must not reach a log.
"""

import os

bind = os.environ.get("BIND", "0.0.0.0:8000")  # inside a container: the proxy stands in front
worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "8"))
# Loaded once and shared by the workers, a new one of which is there at once: nothing connects anywhere while it is loaded
preload_app = True
# A part of an upload over a slow line takes minutes
timeout = 300
graceful_timeout = 30
keepalive = 5
max_requests = 5000
max_requests_jitter = 500
accesslog = "-"
errorlog = "-"
access_log_format = '%(t)s %(m)s %(U)s %(s)s %(B)s bytes %(M)s ms "%({x-request-id}o)s"'
limit_request_line = 4094
limit_request_fields = 60
# It would be one file for every gunicorn of the machine's user, and nobody asks it anything
control_socket_disable = True
