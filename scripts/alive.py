"""Health check of the container: asks /healthz under the first allowed host name."""

import os
import sys
import urllib.request

host = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0].strip().lstrip(".")
request = urllib.request.Request("http://127.0.0.1:8000/healthz", headers={"Host": host})
try:
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(
        request, timeout=4
    ) as ok:
        sys.exit(0 if ok.status == 200 else 1)
except OSError:
    sys.exit(1)
