"""The usual way to check YAML in CI: PyYAML's C loader, and jsonschema on what it loads.

    pyyaml.py FOLDER [SCHEMAS]      SCHEMAS holds `<Kind>.json`; without it the files are only loaded

Prints how many documents there were; what is wrong ends the process.
"""

import json
import pathlib
import sys

import yaml

if not yaml.__with_libyaml__:
    sys.exit("PyYAML was built without libyaml: its C loader is what is compared with")
from yaml import CSafeLoader

validators = {}
if len(sys.argv) > 2:
    import jsonschema

    for path in pathlib.Path(sys.argv[2]).glob("*.json"):
        schema = json.loads(path.read_text())
        jsonschema.Draft7Validator.check_schema(schema)
        validators[path.stem] = jsonschema.Draft7Validator(schema)

count = 0
for path in sorted(pathlib.Path(sys.argv[1]).rglob("*.yaml")):
    with open(path, "rb") as file:
        for document in yaml.load_all(file, Loader=CSafeLoader):
            count += 1
            if validators:
                for error in validators[document["kind"]].iter_errors(document):
                    sys.exit(f"{path}: {error.json_path}: {error.message}")
print(count)
