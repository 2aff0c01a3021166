"""Memory, descriptors and threads of processes over time.

    sample.py watch FILE SECONDS NAME=PID…   a line for each every SECONDS, until it is ended or they have
    sample.py judge FILE NAME                whether they stayed flat after the first third: a table, and exit code 1 if not

Memory is the proportional set size: what would be free if the process ended.
"""

import os
import sys
import time

# Growth over the judged time, by a line laid through the samples, that is still flat: what allocators and noise make, and what warming up still adds in a
# short watch.
KIB_MAX = 1024
KIB_PER_TEN_MINUTES_MAX = 1024
KIB_SHORT_MAX = 6 * 1024
SHORT_SECONDS = 600
DESCRIPTORS_MAX = 16
# A thread pool comes and goes by a few.
THREADS_MAX = 3
# Descriptors swing with what waits on a provider that hangs, so the least of each of so many stretches is what must not grow; a shorter watch
# shows only the swings.
STRETCHES = 10
DESCRIPTORS_SECONDS_MIN = 180


def read(pid):
    with open(f"/proc/{pid}/smaps_rollup") as file:
        memory = next(int(line.split()[1]) for line in file if line.startswith("Pss:"))
    return memory, len(os.listdir(f"/proc/{pid}/fd")), len(os.listdir(f"/proc/{pid}/task"))


def watch(path, pause, named):
    start = time.monotonic()
    with open(path, "w", buffering=1) as file:
        while named:
            for name, pid in list(named.items()):
                try:
                    print(f"{time.monotonic() - start:.1f}", name, *read(pid), file=file)
                except (FileNotFoundError, ProcessLookupError, StopIteration):
                    del named[name]
            time.sleep(pause)


def line_through(points):
    """The slope per second and the value at the first and the last time."""
    n = len(points)
    middle_t, middle_v = sum(t for t, _ in points) / n, sum(v for _, v in points) / n
    spread = sum((t - middle_t) ** 2 for t, _ in points)
    slope = sum((t - middle_t) * (v - middle_v) for t, v in points) / spread if spread else 0
    return slope, middle_v + slope * (points[0][0] - middle_t), middle_v + slope * (points[-1][0] - middle_t)


def judge(path, name):
    with open(path) as file:
        rows = [[float(row[0])] + [int(word) for word in row[2:]] for row in map(str.split, file) if len(row) == 5 and row[1] == name]
    rows = [row for row in rows if row[0] >= rows[-1][0] / 3]
    if len(rows) < 5:
        sys.exit(f"{name} was sampled {len(rows)} times")
    judged = rows[-1][0] - rows[0][0]
    kib_max = KIB_SHORT_MAX if judged < SHORT_SECONDS else KIB_MAX + KIB_PER_TEN_MINUTES_MAX * judged / 600
    flat = True
    stretch = [rows[len(rows) * n // STRETCHES:len(rows) * (n + 1) // STRETCHES] for n in range(STRETCHES)]
    for column, (what, most, unit) in enumerate((("memory", kib_max, "KiB"), ("descriptors", DESCRIPTORS_MAX, ""), ("threads", THREADS_MAX, "")), 1):
        points = [(row[0], row[column]) for row in rows]
        if what == "descriptors" and judged >= DESCRIPTORS_SECONDS_MIN:
            points = [(part[0][0], min(row[column] for row in part)) for part in stretch if part]
        slope, first, last = line_through(points)
        ok = last - first <= most or what == "descriptors" and judged < DESCRIPTORS_SECONDS_MIN
        flat = flat and ok
        values = [row[column] for row in rows]
        print(f"{'ok  ' if ok else 'FAIL'}  {name} {what}: {first:.0f} to {last:.0f} {unit}".rstrip()
              + f" by the line through {len(rows)} samples of {judged:.0f} s, {slope * 3600:+.0f} per hour, {min(values)}..{max(values)}")
    sys.exit(not flat)


if sys.argv[1] == "watch":
    watch(sys.argv[2], float(sys.argv[3]), {name: int(pid) for name, pid in (word.split("=") for word in sys.argv[4:])})
else:
    judge(*sys.argv[2:])
