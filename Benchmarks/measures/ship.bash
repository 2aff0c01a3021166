# The gateway with shipping into PostgreSQL held up, and with it, beside nginx; how fast what waited then is booked; and how fast PostgreSQL itself takes
# the same rows by COPY. Columns of the loads as in throughput.bash; of `ship-drain`: events/s, the gateway's and PostgreSQL's CPU µs/event, rows/s of COPY.

# Whoever ships must share this lock. The session is ended by its name, since one that sleeps does not see its client go.
ship_pause() {
    PGAPPNAME=charter-bench-pause start pause psql "$database" -q -c 'BEGIN; SELECT FROM charter.ledger_lock FOR UPDATE; SELECT pg_sleep(3600)'
    eventually 10 ship_is_paused || die "shipping was not held up: $(last_words pause)"
}
ship_is_paused() { [ "$(psql "$database" -Atqc "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'charter-bench-pause' AND query LIKE '%pg_sleep%' AND wait_event = 'PgSleep'")" = 1 ]; }
ship_resume() {
    psql "$database" -Atqc "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'charter-bench-pause'" >/dev/null
    stop pause
}

ship_booked() { curl -fsS "http://127.0.0.1:$gateway_port/metrics" | sed -n 's/^charter_ledger_shipped_total //p'; }
ship_now() { say "$(($(date +%s%N) / 1000))"; }

# ship_drain <events>: a line of `ship-drain`, without COPY. The time counts from the first that is booked: the shipper tries again every few seconds.
ship_drain() {
    local pid begun first booked last started ended gateway_ticks postgres_ticks
    pid=$(pid_for charter)
    begun=$(ship_booked)
    ship_resume
    until [ "$(ship_booked)" -gt "$begun" ]; do sleep 0.01; done
    first=$(ship_booked)
    started=$(ship_now)
    gateway_ticks=$(ticks_of "$pid")
    [ -z "$postmaster" ] || postgres_ticks=$(ticks_of "$postmaster")
    last=$first
    ended=$started
    # Done when nothing was booked for a second.
    while [ $(($(ship_now) - ended)) -lt 1000000 ]; do
        booked=$(ship_booked)
        if [ "$booked" -gt "$last" ]; then
            last=$booked
            ended=$(ship_now)
        fi
        sleep 0.02
    done
    [ "$((last - begun))" -ge "$1" ] || warn "$((last - begun)) of $1 events were booked"
    [ "$last" -gt "$first" ] || die "all was booked at once: a longer round is needed to measure that"
    awk -v n="$((last - first))" -v us="$((ended - started))" -v g="$(($(ticks_of "$pid") - gateway_ticks))" -v p="$([ -z "$postmaster" ] && say 0 || say $(($(ticks_of "$postmaster") - postgres_ticks)))" \
        -v hz="$ticks_per_second" 'BEGIN { printf "%.0f %.2f %.2f", n / us * 1e6, g / hz * 1e6 / n, p / hz * 1e6 / n }'
}

# ship_copy: rows/s at which PostgreSQL takes rows of the ledger into a table with the same indexes.
ship_copy() {
    local rows started ended
    psql "$database" -q -c 'CREATE TABLE public.bench_copy (LIKE charter.usage INCLUDING ALL)' -c "\\copy (SELECT * FROM charter.usage ORDER BY at DESC LIMIT 200000) TO '$home/usage.copy'" >/dev/null
    rows=$(wc -l <"$home/usage.copy")
    started=$(ship_now)
    psql "$database" -q -c "\\copy public.bench_copy FROM '$home/usage.copy'" >/dev/null
    ended=$(ship_now)
    psql "$database" -q -c 'DROP TABLE public.bench_copy'
    rm -f "$home/usage.copy"
    awk -v n="$rows" -v us="$((ended - started))" 'BEGIN { printf "%.0f\n", n / us * 1e6 }'
}

measure_ship() {
    postmaster=$(postgres_pid)
    local round line drained who
    for round in $(seq "$rounds"); do
        throughput_once nginx "$seconds" >>"$home/rows/ship-nginx"
        throughput_once charter "$seconds" >>"$home/rows/ship-on"
        ship_pause
        line=$(throughput_once charter "$seconds")
        say "$line" >>"$home/rows/ship-paused"
        drained=$(ship_drain "$(awk '{ print $6 }' <<<"$line")")
        say "$drained $(ship_copy)" >>"$home/rows/ship-drain"
        for who in nginx on paused; do
            printf 'round %s  %-9s %s\n' "$round" "$who" "$(tail -n 1 "$home/rows/ship-$who" | awk '{ printf "%6d req/s  %6.2f µs CPU/request  %d errors", $1, $2, $5 }')"
        done
        printf 'round %s  %-9s %s\n' "$round" drain "$(tail -n 1 "$home/rows/ship-drain" | awk '{ printf "%6d events/s  %6.2f µs CPU/event of the gateway  %6.2f of PostgreSQL  %d rows/s by COPY alone", $1, $2, $3, $4 }')"
    done
}

report_ship() {
    say
    say "## Shipping: $connections connections, $seconds s a round"
    say
    say "| | requests/s | CPU µs/request | PostgreSQL's µs/request | errors |"
    say "|---|---|---|---|---|"
    local who line
    for who in nginx paused on; do
        case $who in nginx) line="nginx, bare reverse proxy" ;; paused) line="charter-gateway, everything on, shipping held up" ;; on) line="charter-gateway, everything on, shipping" ;; esac
        say "| $line | $(summary "ship-$who" 1 %d) | $(summary "ship-$who" 2 %.2f) | $(summary "ship-$who" 7 %.2f) | $(awk '{ e += $5 } END { print e + 0 }' "$home/rows/ship-$who") |"
    done
    say "| **held up : nginx** | $(ratio ship-paused ship-nginx 1) | $(ratio ship-paused ship-nginx 2) | | |"
    say "| **shipping : nginx** | $(ratio ship-on ship-nginx 1) | $(ratio ship-on ship-nginx 2) | | |"
    say
    say "What waited is then booked at $(summary ship-drain 1 %d) events/s, for $(summary ship-drain 2 %.2f) µs of the gateway's CPU and $(summary ship-drain 3 %.2f) of PostgreSQL's an event."
    say "COPY alone, by one session of psql into a table with the same indexes, takes $(summary ship-drain 4 %d) rows/s."
    say
    bound "shipping held up, requests/s against nginx's" "$(ratio ship-paused ship-nginx 1)" least 1.1
    bound "shipping held up, CPU per request against nginx's" "$(ratio ship-paused ship-nginx 2)" most 0.9
    bound "events/s booked of a backlog" "$(summary ship-drain 1 %d)" least 20000
}
