"""Runs the table of steps with one client: run.py CLIENT, the platform as JSON on standard input. One line for each step."""

import importlib
import json
import logging
import re
import sys

from steps import Steps

# What they tell of their retries is counted at the gateway.
logging.disable(logging.CRITICAL)
# One module serves every major of a package.
module = "with_" + re.sub(r"-\d+$", "", sys.argv[1]).replace("-", "_")
client = importlib.import_module(module).Client()
label = f"{client.name} {client.version}"
steps = Steps(client, json.load(sys.stdin), lambda line: print(f"{label}: {line}", flush=True))
steps.run()
sys.exit("\n".join(f"FAIL  {label}: {failure}" for failure in steps.failures) or 0)
