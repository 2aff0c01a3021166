# The same number of requests each second for all of them, 60 % of what nginx takes at most, due at fixed times: latencies count from when each was due.
# Columns: p50 µs, p99 µs, p99.9 µs, good, not good.

latency_share=60

measure_latency() {
    local who round due good otherwise failed late p50 p90 p99 p999 worst
    [ -s "$home/rows/nginx" ] || { postmaster= && throughput_once nginx 3 >>"$home/rows/nginx"; }
    latency_rate=$(awk -v peak="$(middle nginx 1)" -v share="$latency_share" 'BEGIN { printf "%d", peak * share / 100 }')
    for round in $(seq "$rounds"); do
        for who in upstream nginx bare charter; do
            wait_for_rest "$(pid_for "$who")"
            read -r due good otherwise failed late p50 p90 p99 p999 worst < <("$load" rate --port "${ports[$who]}" --rate "$latency_rate" --seconds "$seconds" \
                --connections "$connections" --key "$(key_of "$who")" --body "$home/chat.json" --timeout 2000)
            say "$p50 $p99 $p999 $good $((due - good))" >>"$home/rows/latency-$who"
            printf 'round %s  %-9s at %s req/s  p50 %s µs  p99 %s µs  p99.9 %s µs  %s of %s good\n' "$round" "$who" "$latency_rate" "$p50" "$p99" "$p999" "$good" "$due"
        done
    done
}

report_latency() {
    local who
    say
    say "## Latency at $latency_rate requests/s, $latency_share % of nginx's most, $connections connections"
    say
    say "Requests are due at fixed times, and a latency counts from when its request was due. One not answered within 2 s counts as not answered."
    say
    say "| | p50 µs | p99 µs | p99.9 µs | not answered |"
    say "|---|---|---|---|---|"
    for who in upstream nginx bare charter; do
        say "| ${names[$who]} | $(summary "latency-$who" 1 %d) | $(summary "latency-$who" 2 %d) | $(summary "latency-$who" 3 %d) | $(summary "latency-$who" 5 %d) |"
    done
    say
    bound "key check alone, p99 against nginx's" "$(ratio latency-bare latency-nginx 2)" most 1
    bound "everything on, p99 against nginx's" "$(ratio latency-charter latency-nginx 2)" most 1
}
