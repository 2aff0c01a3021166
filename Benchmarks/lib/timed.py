"""Runs a command and prints `wall ms  CPU ms  peak KiB  exit code`; what the command prints goes to the file named first.

    timed.py OUTPUT COMMAND ARGUMENT…
"""

import os
import sys
import time

output, command = sys.argv[1], sys.argv[2:]
actions = [(os.POSIX_SPAWN_OPEN, 1, output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644), (os.POSIX_SPAWN_DUP2, 1, 2)]
before = time.monotonic()
child = os.posix_spawnp(command[0], command, os.environ, file_actions=actions)
_, status, used = os.wait4(child, 0)
wall = time.monotonic() - before
print(round(wall * 1e3), round((used.ru_utime + used.ru_stime) * 1e3), used.ru_maxrss, os.waitstatus_to_exitcode(status))
