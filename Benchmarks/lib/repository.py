"""Writes a repository of declarations to measure on: the same bytes for the same arguments, with no mistake and no warning in it.

    repository.py files FOLDER [COUNT]        COUNT files of thirty lines each; 10000 unless said otherwise
    repository.py resources FOLDER [COUNT]    COUNT resources in files of a team each; 100000 unless said otherwise
"""

import hashlib
import itertools
import pathlib
import sys

ORGANIZATIONS = 50
LINES_OF_A_FILE = 30

PROVIDERS = ["openai", "anthropic", "mistral", "groq"]
MODELS_OF_A_PROVIDER = 20
TIERS = ["economy", "standard", "premium"]
REGIONS = ["eu", "us", "ap"]
ZONES = ["Europe/Berlin", "America/New_York", "Asia/Tokyo", "UTC"]


def document(kind, name, spec, labels=None):
    """One document in block style; `spec` holds its lines."""
    lines = ["apiVersion: charter/v1", f"kind: {kind}", "metadata:", f"  name: {name}"]
    if labels:
        lines += ["  labels:"] + [f"    {key}: {value}" for key, value in labels.items()]
    return lines + ["spec:"] + ["  " + line for line in spec]


def joined(documents):
    """The lines of a file with the documents."""
    lines = documents[0]
    for one in documents[1:]:
        lines = lines + ["---"] + one
    return lines


def padded(documents):
    """The lines of a file of thirty, with a comment above its documents where they are fewer."""
    lines = joined(documents)
    missing = LINES_OF_A_FILE - len(lines)
    assert missing >= 0, f"{len(lines)} lines:\n" + "\n".join(lines)
    said = itertools.cycle(
        [
            "# Owned by the team named below. Ask in its channel before you change a limit;",
            "# what a budget stops is seen by customers. The numbers come from last quarter's",
            "# review, and the next one is due when the catalog changes.",
        ]
    )
    return list(itertools.islice(said, missing)) + lines


def platform():
    """What every organization uses."""
    models = []
    for provider in PROVIDERS:
        spec = [f"provider: {provider}", "models:"]
        for number in range(MODELS_OF_A_PROVIDER):
            spec += [
                f"  model-{number}:",
                f"    displayName: Model {number} of {provider}",
                "    context: 128k",
                "    maxOutput: 16k",
                "    modalities: [text]",
                f"    labels: {{ tier: {TIERS[number % 3]} }}",
                f"    prices: {{ input: 0.{number + 10} USD/M, output: 1.{number + 10} USD/M }}",
            ]
            models.append(f"{provider}/model-{number}")
        yield f"catalog/{provider}.yaml", [document("ModelCatalog", provider, spec)]
        yield (
            f"providers/{provider}.yaml",
            [document("Provider", provider, ["type: openai", f"baseURL: https://api.{provider}.example/v1", f"credential: {{ env: {provider.upper()}_KEY }}"])],
        )
    yield "plans.yaml", [document("Plan", "enterprise", ["displayName: Enterprise", "limits: [60k requests/min, 2000M tokens/day]"])]
    yield (
        "scopes.yaml",
        [
            document("Scope", "chat", ["endpoints: [chat.completions, completions, models]"]),
            document("Scope", "embeddings", ["endpoints: [embeddings, models]"]),
        ],
    )
    yield (
        "routes.yaml",
        [
            document("RoutingPolicy", name, ["strategy: weighted", "targets:"] + [f"  - {{ model: {models[k]}, weight: 1 }}" for k in range(start, start + 3)])
            for name, start in [("assistant", 0), ("economy", 21), ("reasoning", 42)]
        ],
    )


def organization(org):
    return document("Organization", org, [f"displayName: {org.title()} Incorporated", "plan: enterprise"], {"region": REGIONS[len(org) % 3]})


def member(number, org, role):
    return document("Member", f"member-{number}", [f"email: member-{number}@{org}.example", f"displayName: Member {number} of {org}", f"roles: [{role}]"])


def project(name, number):
    return document(
        "Project",
        name,
        [f"displayName: Team {number}", 'models: { deny: ["label:tier=premium"] }', f"limits: [{number % 50 + 1}M tokens/day]"],
        {"costCenter": f"cc-{4000 + number}"},
    )


def key(org, name, number, owner, team):
    digest = hashlib.sha256(f"{org} {name}".encode()).hexdigest()
    return document(
        "APIKey",
        name,
        [
            f"owner: {owner}",
            f"project: {team}",
            "scopes: [chat, embeddings]",
            "models:",
            "  allow: [assistant, economy, openai/*, mistral/*]",
            f"  deny: [openai/model-{number % MODELS_OF_A_PROVIDER}]",
            "limits:",
            f"  - {100 + number % 900} requests/min",
            f"  - {number % 20 + 1}M tokens/day",
            f"  - {number % 90 + 10} concurrent",
            "budget:",
            f"  hard: {number % 400 + 10} USD/month",
            f"  zone: {ZONES[number % 4]}",
            "networks: [10.0.0.0/8, 192.168.0.0/16]",
            "secrets:",
            f"  - sha256: {digest}",
            "tests:",
            "  - { request: { model: assistant }, expect: allow }",
        ],
        {"tier": TIERS[number % 3], "stage": "prod"},
    )


def budget(name, subject, number):
    return document("Budget", name, [f"for: {{ project: {subject} }}", f"hard: {number % 900 + 500} USD/month", f"zone: {ZONES[number % 4]}"])


def names(count):
    return [f"org-{number:02}" for number in range(count)]


def files(count):
    """Small files as people write them: a key, a team with its budget, or two members in each."""
    written = list(platform())
    yield from ((path, joined(documents)) for path, documents in written)
    for org, share in zip(names(ORGANIZATIONS), shares(count - len(written), ORGANIZATIONS)):
        yield f"orgs/{org}/org.yaml", padded([organization(org), member(0, org, "admin")])
        teams = share // 10
        people = share // 10
        for number in range(people):
            yield (
                f"orgs/{org}/members/{number:03}.yaml",
                padded([member(2 * number + 1, org, "developer"), member(2 * number + 2, org, "developer")]),
            )
        for number in range(teams):
            team = f"team-{number}"
            yield f"orgs/{org}/projects/{team}.yaml", padded([project(team, number), budget(f"{team}-monthly", team, number)])
        for number in range(share - 1 - people - teams):
            name = f"key-{number:04}"
            owner = f"member-{number % (2 * people) + 1}"
            yield f"orgs/{org}/keys/{name}.yaml", padded([key(org, name, number, owner, f"team-{number % teams}")])


def resources(count):
    """Files as tools write them: a team with its budgets and all its keys in each, and members by the fifty."""
    fixed = list(platform())
    yield from ((path, joined(documents)) for path, documents in fixed)
    left = count - sum(len(documents) for _, documents in fixed)
    for org, share in zip(names(ORGANIZATIONS), shares(left, ORGANIZATIONS)):
        yield f"orgs/{org}/org.yaml", joined([organization(org), member(0, org, "admin")])
        left_here = share - 2
        people = left_here // 5
        for start in range(0, people, 50):
            chosen = range(start, min(people, start + 50))
            yield f"orgs/{org}/members/{start:04}.yaml", joined([member(number + 1, org, "developer") for number in chosen])
        left_here -= people
        number = 0
        for team_number in itertools.count():
            if left_here == 0:
                break
            team = f"team-{team_number}"
            documents = [project(team, team_number), budget(f"{team}-monthly", team, team_number)][:left_here]
            for _ in range(min(14, left_here - len(documents))):
                documents.append(key(org, f"key-{number:05}", number, f"member-{number % people + 1}", team))
                number += 1
            left_here -= len(documents)
            yield f"orgs/{org}/teams/{team}.yaml", joined(documents)


def shares(total, parts):
    """`total` cut into whole parts as equal as can be."""
    return [total // parts + (1 if part < total % parts else 0) for part in range(parts)]


def write(folder, repository):
    root = pathlib.Path(folder)
    for path, lines in repository:
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    sorts = {"files": (files, 10_000), "resources": (resources, 100_000)}
    if len(sys.argv) < 3 or sys.argv[1] not in sorts:
        sys.exit(__doc__)
    generate, usual = sorts[sys.argv[1]]
    write(sys.argv[2], generate(int(sys.argv[3]) if len(sys.argv) > 3 else usual))
