"""Everything that an environment may change."""

import os

HOST = os.environ.get("HOST") or "0.0.0.0"
PORT = int(os.environ.get("PORT") or 8080)
ENVIRONMENT = os.environ.get("APP_ENV") or "local"
# How many ticks are kept for each symbol; the oldest go first.
KEEP_TICKS = int(os.environ.get("KEEP_TICKS") or 500)
