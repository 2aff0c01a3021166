# What the gateway's memory comes to with as many keys and models as a large company has, CROWD_KEYS and CROWD_MODELS, under a load that uses
# CROWD_USED of the keys for MEMORY_SECONDS. Columns: KiB after the start, after the load, after a commit was taken, after the load again.
# The rules stay as large as they are then, so it comes last.

crowd_keys=${CROWD_KEYS:-10000}
crowd_models=${CROWD_MODELS:-1000}
crowd_used=${CROWD_USED:-200}
memory_seconds=${MEMORY_SECONDS:-60}

crowd_apply() {
    stage_commit "$1"
    "$charter" apply --repo "$work" --branch main --database "$database" --state "$home/reconciler" >>"$pieces/apply.log" 2>&1 ||
        { last_words apply >&2; die "the rules were not applied; see $pieces/apply.log"; }
    crowd_revision=$(psql "$database" -Atqc 'SELECT max(id) FROM charter.revision')
}
crowd_enforced() { curl -fsS "http://127.0.0.1:$gateway_port/metrics" | grep -q "^charter_revision $crowd_revision\$"; }
crowd_load() {
    local figures errors
    figures=$(CROWD_SECRETS="$home/crowd.used" CROWD_MODELS=$crowd_models wrk -t 2 -c "$connections" -d "${memory_seconds}s" -s "$root/Benchmarks/crowd.lua" \
        "http://127.0.0.1:$gateway_port" 2>&1 >/dev/null | tail -n 1)
    errors=${figures##* }
    [ "${errors:-1}" = 0 ] || warn "$errors errors under the load of the crowd: $figures"
    wait_for_rest "$1" 300
}

measure_memory() {
    local pid round figures
    python3 "$lib/crowd.py" "$work" "$crowd_keys" "$crowd_models" "$home/crowd.secrets" || die "crowd.py wrote no rules"
    head -n "$crowd_used" "$home/crowd.secrets" >"$home/crowd.used"
    crowd_apply "A crowd of keys and models"
    for round in $(seq "$rounds"); do
        stop gateway
        stage_gateway "$loops"
        eventually 60 crowd_enforced || die "the gateway does not enforce revision $crowd_revision"
        pid=$(pid_for charter)
        wait_for_rest "$pid"
        figures=$(resident_of "$pid")
        crowd_load "$pid"
        figures+=" $(resident_of "$pid")"
        sed -i "s|displayName: Crowd [0-9]*|displayName: Crowd $round|; s|^spec: {}\$|spec: { displayName: Crowd $round }|" "$work/orgs/crowd/org.yaml"
        crowd_apply "Round $round"
        eventually 60 crowd_enforced || die "the gateway does not enforce revision $crowd_revision"
        wait_for_rest "$pid"
        figures+=" $(resident_of "$pid")"
        crowd_load "$pid"
        figures+=" $(resident_of "$pid")"
        say "$figures" >>"$home/rows/memory"
        printf 'round %s  memory    %s\n' "$round" "$(awk '{ printf "%.1f MB at rest, %.1f after a load, %.1f after a commit, %.1f after the load again", $1 * 1.024 / 1000, $2 * 1.024 / 1000, $3 * 1.024 / 1000, $4 * 1.024 / 1000 }' <<<"$figures")"
    done
    # In millions of bytes, as they were promised.
    awk '{ for (i = 1; i <= NF; i++) printf "%.1f ", $i * 1.024 / 1000; print "" }' "$home/rows/memory" >"$home/rows/memory-mb"
}

report_memory() {
    say
    say "## Memory with $crowd_keys keys and $crowd_models models"
    say
    say "Resident memory of a gateway of $loops loops that was just started, after $memory_seconds s of $connections connections with $crowd_used of the keys over all models,"
    say "after a commit was taken, and after the same load again."
    say
    say "| | MB |"
    say "|---|---|"
    say "| at rest | $(summary memory-mb 1 %.1f) |"
    say "| after the load | $(summary memory-mb 2 %.1f) |"
    say "| after a commit | $(summary memory-mb 3 %.1f) |"
    say "| after the load again | $(summary memory-mb 4 %.1f) |"
    say
    bound "MB after the load" "$(summary memory-mb 2 %.1f)" most 60
    bound "MB after a commit and the load again" "$(summary memory-mb 4 %.1f)" most 60
}
