# Three times what each takes at most, from many connections, each request given up after a second, and at once when all connections wait.
# Columns: answered in time per second, not answered, otherwise, p99 µs, the share of the most.

overload_times=3
overload_connections=5000

measure_overload() {
    local who peak round due good otherwise failed late p50 p90 p99 p999 worst
    postmaster=
    for who in nginx charter; do [ -s "$home/rows/$who" ] || throughput_once "$who" 3 >>"$home/rows/$who"; done
    for round in $(seq "$rounds"); do
        for who in nginx charter; do
            peak=$(awk -v p="$(middle "$who" 1)" 'BEGIN { printf "%d", p }')
            wait_for_rest "$(pid_for "$who")"
            read -r due good otherwise failed late p50 p90 p99 p999 worst < <("$load" rate --port "${ports[$who]}" --rate $((peak * overload_times)) --seconds "$seconds" \
                --connections "$overload_connections" --key "$(key_of "$who")" --body "$home/chat.json" --timeout 1000 --queue no)
            say "$((good / seconds)) $late $((otherwise + failed)) $p99 $(awk -v g="$good" -v s="$seconds" -v p="$peak" 'BEGIN { print g / s / p }')" >>"$home/rows/overload-$who"
            printf 'round %s  overload  %-9s %s of %s due answered, %s given up, %s otherwise  p99 %s µs\n' "$round" "$who" "$good" "$due" "$late" "$((otherwise + failed))" "$p99"
        done
    done
}

report_overload() {
    local who
    say
    say "## $overload_times times the most that each takes, from $overload_connections connections"
    say
    say "| | answered within 1 s, per second | of the most | given up | refused or failed | p99 µs of the answered |"
    say "|---|---|---|---|---|---|"
    for who in nginx charter; do
        say "| ${names[$who]} | $(summary "overload-$who" 1 %d) | $(summary "overload-$who" 5 %.2f) | $(summary "overload-$who" 2 %d) | $(summary "overload-$who" 3 %d) | $(summary "overload-$who" 4 %d) |"
    done
    say
    bound "goodput against the most that was measured" "$(summary overload-charter 5 %.2f)" least 0.8
}
