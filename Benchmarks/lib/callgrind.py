"""Adds up what callgrind wrote for each thread, by what the thread does, and prints `loops N shipping N others N` in instructions.

    callgrind.py PROFILE REQUESTS FILE…

Writes to PROFILE what each function of the loops itself executes for each request, most first.
"""

import collections
import re
import shutil
import subprocess
import sys

profile, requests, paths = sys.argv[1], int(sys.argv[2]), sys.argv[3:]
# Part of the names of functions that only threads of one role run.
marks = {"loops": re.compile(r"EventLoopC3run"), "shipping": re.compile(r"LedgerShipper|LoopFollower")}
name = re.compile(r"fn=\((\d+)\)(?: (.*))?")


def own_costs(path):
    """The instructions that each function itself executes, without those that it calls."""
    names, costs, current, is_call = {}, collections.Counter(), None, False
    with open(path, errors="replace") as file:
        for line in file:
            if line.startswith(("fn=", "cfn=")):
                number, text = name.search(line).groups()
                if text:
                    names[number] = text
                if line[0] == "f":
                    current = number
            elif line.startswith("calls="):
                is_call = True
            elif line[:1] in "+-*0123456789" and current is not None:
                # The line after `calls=` is what the called function took.
                if not is_call:
                    costs[current] += int(line.split()[-1])
                is_call = False
            elif line.startswith("totals:"):
                break
    return collections.Counter({names[number]: cost for number, cost in costs.items()})


sums, loops = dict.fromkeys([*marks, "others"], 0), collections.Counter()
for path in paths:
    costs = own_costs(path)
    role = next((role for role, mark in marks.items() if any(mark.search(one) for one in costs)), "others")
    sums[role] += sum(costs.values())
    if role == "loops":
        loops.update(costs)

text = "\n".join(f"{cost / requests:10.0f}  {one}" for one, cost in loops.most_common(200))
if shutil.which("swift"):
    text = subprocess.run(["swift", "demangle", "--simplified"], input=text, capture_output=True, text=True).stdout or text
with open(profile, "w") as file:
    file.write(text)
print(*(f"{role} {count}" for role, count in sums.items()))
