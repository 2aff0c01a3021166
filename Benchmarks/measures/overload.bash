# Three times what the gateway takes at most, from many connections, each request given up after a second, and at once when all connections wait.
# Columns: answered in time per second, not answered, otherwise, p99 µs.

overload_times=3
overload_connections=5000

measure_overload() {
    local round due good otherwise failed late p50 p90 p99 p999 worst pid
    pid=$(pid_for charter)
    postmaster=
    [ -s "$home/rows/charter" ] || throughput_once charter 3 >>"$home/rows/charter"
    overload_peak=$(awk -v p="$(middle charter 1)" 'BEGIN { printf "%d", p }')
    for round in $(seq "$rounds"); do
        wait_for_rest "$pid"
        read -r due good otherwise failed late p50 p90 p99 p999 worst < <("$load" rate --port "$gateway_port" --rate $((overload_peak * overload_times)) --seconds "$seconds" \
            --connections "$overload_connections" --key "$full_key" --body "$home/chat.json" --timeout 1000 --queue no)
        say "$((good / seconds)) $late $((otherwise + failed)) $p99" >>"$home/rows/overload"
        printf 'round %s  overload  %s of %s due answered, %s given up, %s otherwise  p99 %s µs\n' "$round" "$good" "$due" "$late" "$((otherwise + failed))" "$p99"
    done
}

report_overload() {
    say
    say "## $overload_times times the most: $((overload_peak * overload_times)) requests/s due"
    say
    say "| | answered within 1 s, per second | given up | refused or failed | p99 µs of the answered |"
    say "|---|---|---|---|---|"
    say "| ${names[charter]}, $overload_connections connections | $(summary overload 1 %d) | $(summary overload 2 %d) | $(summary overload 3 %d) | $(summary overload 4 %d) |"
    say
    bound "goodput against the most that was measured ($overload_peak/s)" "$(awk -v p="$overload_peak" '{ print $1 / p }' "$home/rows/overload" | median %.2f)" least 0.8
}
