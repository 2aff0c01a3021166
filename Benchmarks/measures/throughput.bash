# As many requests as they take, over connections that stay open. Columns: requests/s, CPU µs/request, p50 µs, p99 µs, errors, requests, PostgreSQL's CPU µs/request.

wrk_once() { # wrk_once <who> <seconds>: one line `requests µs p50 p99 errors`
    BENCH_KEY=$(key_of "$1") wrk -t 2 -c "$connections" -d "${2}s" -s "$root/Benchmarks/chat.lua" "${3:-http://127.0.0.1:${ports[$1]}}" 2>&1 >/dev/null | tail -n 1
}

postgres_pid() { [ -n "${CHARTER_DATABASE_URL:-}" ] || head -n 1 "$("$root/scripts/postgres" home)/data/postmaster.pid"; }

# throughput_once <who> <seconds> [url]: the CPU time includes what is done after the last answer.
throughput_once() {
    local pid figures requests micros p50 p99 errors before after postgres=0
    pid=$(pid_for "$1")
    before=$(ticks_of "$pid")
    [ -z "$postmaster" ] || postgres=$(ticks_of "$postmaster")
    figures=$(wrk_once "$@")
    read -r requests micros p50 p99 errors <<<"$figures"
    [ "${requests:-0}" -gt 0 ] || die "wrk measured nothing on $1: $figures"
    wait_for_rest "$pid"
    after=$(ticks_of "$pid")
    [ -z "$postmaster" ] || postgres=$(($(ticks_of "$postmaster") - postgres))
    awk -v r="$requests" -v us="$micros" -v t="$((after - before))" -v hz="$ticks_per_second" -v p50="$p50" -v p99="$p99" -v e="$errors" -v pg="$postgres" \
        'BEGIN { printf "%.0f %.2f %d %d %d %d %.2f\n", r / us * 1e6, t / hz * 1e6 / r, p50, p99, e, r, pg / hz * 1e6 / r }'
}

measure_throughput() {
    postmaster=$(postgres_pid)
    local who round line
    for who in "${contestants[@]}"; do throughput_once "$who" 1 >/dev/null; done
    for round in $(seq "$rounds"); do
        for who in "${contestants[@]}"; do
            line=$(throughput_once "$who" "$seconds")
            say "$line" >>"$home/rows/$who"
            printf 'round %s  %-9s %s\n' "$round" "$who" "$(awk '{ printf "%6d req/s  %6.2f µs CPU/request  p50 %d µs  p99 %d µs  %d errors", $1, $2, $3, $4, $5 }' <<<"$line")"
        done
    done
}

report_throughput() {
    local who
    say
    say "## Throughput: $connections connections, $seconds s a round"
    say
    say "| | requests/s | CPU µs/request | p50 µs | p99 µs | errors |"
    say "|---|---|---|---|---|---|"
    for who in "${contestants[@]}"; do
        say "| ${names[$who]} | $(summary "$who" 1 %d) | $(summary "$who" 2 %.2f) | $(summary "$who" 3 %d) | $(summary "$who" 4 %d) | $(awk '{ e += $5 } END { print e + 0 }' "$home/rows/$who") |"
    done
    for who in "${contestants[@]}"; do
        [ "$who" = upstream ] || [ "$who" = nginx ] ||
            say "| **${names[$who]} : nginx** | $(ratio "$who" nginx 1) | $(ratio "$who" nginx 2) | $(ratio "$who" nginx 3) | $(ratio "$who" nginx 4) | |"
    done
    say
    bound "key check alone, requests/s against nginx's" "$(ratio bare nginx 1)" least 1.15
    bound "key check alone, CPU per request against nginx's" "$(ratio bare nginx 2)" most 0.85
    say "- CPU of the gateway includes shipping to the ledger after the last answer; PostgreSQL itself took $(summary charter 7 %.1f) µs per request beside that."
    say "- Resident memory of the gateway after the last round: $(($(resident_of "$(pid_for charter)") / 1024)) MiB."
}
