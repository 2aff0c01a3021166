"""Writes each document of a repository's YAML files into a file of its own, since check-jsonschema reads one of a file.

    split_documents.py REPOSITORY FOLDER

FOLDER/all gets what stands alone, FOLDER/inheriting what lies below a _defaults.yaml, FOLDER/defaults those files themselves.
"""

import pathlib
import re
import sys

repository, folder = map(pathlib.Path, sys.argv[1:])
for form in ["all", "inheriting", "defaults"]:
    (folder / form).mkdir(parents=True)
for path in sorted(repository.rglob("*.y*ml")):
    relative = path.relative_to(repository)
    if any(part.startswith(".") for part in relative.parts):
        continue
    above = any((parent / "_defaults.yaml").exists() for parent in [path.parent, *path.parent.parents] if parent.is_relative_to(repository))
    form = "defaults" if path.stem == "_defaults" else "inheriting" if above else "all"
    for number, document in enumerate(re.split(r"(?m)^---[ \t]*$", path.read_text(encoding="utf-8"))):
        if re.sub(r"(?m)^\s*(#.*)?$", "", document).strip():
            name = "-".join(relative.with_suffix("").parts)
            (folder / form / f"{name}-{number}.yaml").write_text(document, encoding="utf-8")
