"""Writes what a large company declares beside the rules of the benchmark: many keys with limits and budgets of their own, and many models.

    crowd.py FOLDER KEYS MODELS SECRETS

The secrets of the keys go to the file SECRETS, one a line; the models are `upstream/model-0` and on.
"""

import hashlib
import pathlib
import sys

KEYS_OF_A_FILE = 100
MODELS_OF_A_CATALOG = 250
PROJECTS = 50


def model(number):
    return (
        f"    model-{number}: {{ upstreamName: gpt-4o-mini, context: 128k, maxOutput: 16384, labels: {{ tier: t{number % 7} }}, "
        f"prices: {{ input: 0.{number % 90 + 10} USD/M, output: 1.{number % 90 + 10} USD/M }} }}"
    )


def catalog(index, numbers):
    lines = ["apiVersion: charter/v1", "kind: ModelCatalog", f"metadata: {{ name: crowd-{index} }}", "spec:", "  provider: upstream", "  models:"]
    return "\n".join(lines + [model(number) for number in numbers]) + "\n"


def key(number, secret):
    return "\n".join(
        [
            "apiVersion: charter/v1",
            "kind: APIKey",
            f"metadata: {{ name: key-{number} }}",
            "spec:",
            "  owner: load",
            f"  project: project-{number % PROJECTS}",
            "  scopes: [chat]",
            f"  tags: {{ team: team-{number % 97} }}",
            "  limits: [100M requests/min, 10k concurrent]",
            "  budget: { hard: 1000000 USD/month }",
            "  secrets:",
            f"    - {{ sha256: {hashlib.sha256(secret.encode()).hexdigest()} }}",
        ]
    )


def main():
    folder, keys, models, secrets = pathlib.Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), pathlib.Path(sys.argv[4])
    org = folder / "orgs" / "crowd"
    org.mkdir(parents=True)
    head = "apiVersion: charter/v1\nkind: {}\nmetadata: {{ name: {} }}\nspec: {}\n"
    documents = [head.format("Organization", "crowd", "{}"), head.format("Member", "load", "{ email: load@crowd.example, roles: [developer] }")]
    documents += [head.format("Project", f"project-{number}", "{}") for number in range(PROJECTS)]
    documents.append(head.format("Budget", "all", "{ for: { organization: true }, hard: 1000000 USD/month }"))
    (org / "org.yaml").write_text("---\n".join(documents))
    for index, first in enumerate(range(0, models, MODELS_OF_A_CATALOG)):
        numbers = range(first, min(models, first + MODELS_OF_A_CATALOG))
        (folder / f"crowd-{index}.yaml").write_text(catalog(index, numbers))
    # Made up from the number alone: they open nothing but a benchmark's gateway.
    names = [f"sk-crowd-{number:08d}" for number in range(keys)]
    for first in range(0, keys, KEYS_OF_A_FILE):
        part = range(first, min(keys, first + KEYS_OF_A_FILE))
        (org / f"keys-{first}.yaml").write_text("\n---\n".join(key(number, names[number]) for number in part) + "\n")
    secrets.write_text("\n".join(names) + "\n")


main()
