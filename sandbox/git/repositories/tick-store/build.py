"""Makes dist/: the program and version.json, which says what was built. No clock goes in."""

import json
import os
import shutil

version = {
    "name": "tick-store",
    "version": os.environ.get("RELEASE") or "0.0.0-dev",
    "commit": os.environ.get("GIT_COMMIT") or "unknown",
}

shutil.rmtree("dist", ignore_errors=True)
shutil.copytree("src", "dist", ignore=shutil.ignore_patterns("__pycache__"))
print("[build] copied src/", flush=True)
with open("dist/version.json", "w", encoding="utf-8") as file:
    json.dump(version, file, indent=2)
    file.write("\n")
print(f"[build] {version['name']} {version['version']} ({version['commit'][:12]}) is in dist/", flush=True)
