# Event streams of 50 events of 150 bytes a second each. Columns: p50 µs, p99 µs, events, lost, broken streams, CPU µs/event, KiB gained, % of a core.

stream_counts="200 1000"
declare -A stream_ports=()

streams_once() { # streams_once <who> <streams> <rows>
    local pid before after memory figures whole broken events lost p50 p99 p999 worst since spent
    pid=$(pid_for "$1")
    wait_for_rest "$pid"
    memory=$(resident_of "$pid")
    before=$(ticks_of "$pid")
    since=$(milliseconds)
    "$load" streams --port "${stream_ports[$1]}" --streams "$2" --seconds "$seconds" --warm-up 3 --key "$(key_of "$1")" --body "$home/stream.json" >"$home/streams.out" 2>&1 &
    local running=$!
    sleep $((seconds + 2))
    memory=$(($(resident_of "$pid") - memory))
    wait "$running" || die "streams through $1: $(cat "$home/streams.out")"
    spent=$(($(milliseconds) - since))
    after=$(ticks_of "$pid")
    read -r whole broken events lost p50 p99 p999 worst <"$home/streams.out"
    # Events of the warm-up are carried too.
    awk -v p50="$p50" -v p99="$p99" -v ev="$events" -v l="$lost" -v b="$broken" -v t="$((after - before))" -v hz="$ticks_per_second" -v all="$((seconds + 3))" -v s="$seconds" -v m="$memory" -v ms="$spent" \
        'BEGIN { carried = ev / s * (all - 0.5); printf "%d %d %d %d %d %.2f %d %.0f\n", p50, p99, ev, l, b, t / hz * 1e6 / carried, m, t / hz / (ms / 1000) * 100 }' >>"$home/rows/$3"
    printf '%-9s %s streams  %s\n' "$1" "$2" "$(tail -n 1 "$home/rows/$3" | awk '{ printf "p50 %d µs  p99 %d µs  %d events, %d lost, %d broken  %.2f µs CPU/event  %+d KiB  %d %% of a core", $1, $2, $3, $4, $5, $6, $7, $8 }')"
}

measure_streams() {
    local count round who
    stream_ports=([upstream]=$events_port [nginx]=$proxy_events_port [charter]=$gateway_port)
    for count in $stream_counts; do
        for round in $(seq "$rounds"); do
            for who in upstream nginx charter; do
                # The direct streams' CPU time is the upstream's, which is no nginx here.
                streams_once "$who" "$count" "streams-$count-$who"
            done
        done
    done
}

report_streams() {
    local count who
    for count in $stream_counts; do
        say
        say "## $count event streams of 50 events/s"
        say
        say "From the provider's stamp in an event to the client's read."
        say
        say "| | p50 µs | p99 µs | added p50 | added p99 | CPU µs/event | % of a core | MiB gained | lost | broken |"
        say "|---|---|---|---|---|---|---|---|---|---|"
        say "| direct | $(summary "streams-$count-upstream" 1 %d) | $(summary "streams-$count-upstream" 2 %d) | | | | | | $(sum_of "streams-$count-upstream" 4) | $(sum_of "streams-$count-upstream" 5) |"
        for who in nginx charter; do
            say "| ${names[$who]} | $(summary "streams-$count-$who" 1 %d) | $(summary "streams-$count-$who" 2 %d) | $(difference "streams-$count-$who" "streams-$count-upstream" 1 %d) | $(difference "streams-$count-$who" "streams-$count-upstream" 2 %d) | $(summary "streams-$count-$who" 6 %.2f) | $(summary "streams-$count-$who" 8 %d) | $(awk '{ print $7 / 1024 }' "$home/rows/streams-$count-$who" | median %.1f) | $(sum_of "streams-$count-$who" 4) | $(sum_of "streams-$count-$who" 5) |"
        done
        say
    done
    bound "200 streams, added p50 over nginx's, µs" "$(difference streams-200-charter streams-200-nginx 1 %d)" most 0
    bound "200 streams, added p99 over nginx's, µs" "$(difference streams-200-charter streams-200-nginx 2 %d)" most 0
    bound "1,000 streams, CPU per event against nginx's" "$(ratio streams-1000-charter streams-1000-nginx 6)" most 1
    bound "1,000 streams, MiB gained" "$(awk '{ print $7 / 1024 }' "$home/rows/streams-1000-charter" | median %.1f)" most "$(awk '{ print $7 / 1024 }' "$home/rows/streams-1000-nginx" | median %.1f | cut -d' ' -f1)"
}

sum_of() { awk -v c="$2" '{ s += $c } END { print s + 0 }' "$home/rows/$1"; }
