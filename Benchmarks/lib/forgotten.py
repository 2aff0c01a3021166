"""Asks the kernel to forget the contents of a folder's files, so that the next reader waits for the disk.

    forgotten.py FOLDER
"""

import os
import pathlib
import sys

for path in pathlib.Path(sys.argv[1]).rglob("*.yaml"):
    file = os.open(path, os.O_RDONLY)
    # What is not yet on the disk cannot be forgotten.
    os.fsync(file)
    os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
    os.close(file)
