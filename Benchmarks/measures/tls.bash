# Handshakes and requests over TLS. Columns: handshakes per second of the server's CPU, handshakes/s, CPU µs/request.

tls_seconds=4

gateway_speaks_tls() { "$gateway" --help 2>&1 | grep -q -- --tls-certificate; }

# handshakes <who> <port> <rows> <option…>
handshakes() {
    local who=$1 port=$2 rows=$3 before ticks count pid
    shift 3
    pid=$(pid_of "$who")
    before=$(ticks_of "$pid")
    openssl s_time -connect "127.0.0.1:$port" -time "$tls_seconds" "$@" >"$home/s_time.out" 2>&1 || die "openssl s_time: $(tail -n 3 "$home/s_time.out")"
    ticks=$(($(ticks_of "$pid") - before))
    count=$(sed -n 's/^\([0-9]*\) connections in [0-9]* real seconds.*/\1/p' "$home/s_time.out" | tail -n 1)
    [ "${count:-0}" -gt 0 ] || die "openssl s_time made no connection to $who: $(tail -n 3 "$home/s_time.out")"
    # One letter for each connection: r for a session resumed.
    [[ " $* " != *" -reuse "* ]] || [ "$(grep -Ex '[rt*]+' "$home/s_time.out" | tr -cd r | wc -c)" -ge $((count * 9 / 10)) ] ||
        warn "$who does not resume the sessions of its clients"
    awk -v n="$count" -v t="$ticks" -v hz="$ticks_per_second" -v s="$tls_seconds" 'BEGIN { printf "%.0f %.0f\n", n / (t / hz), n / s }' >>"$home/rows/$rows"
    printf '%-12s %-24s %s per core second\n' "$who" "$rows" "$(tail -n 1 "$home/rows/$rows" | cut -d' ' -f1)"
}

measure_tls() {
    tls_left_out=
    gateway_speaks_tls || { tls_left_out=1; warn "this gateway has no --tls-certificate: TLS is left out"; return 0; }
    local round who
    take_port
    start gateway-tls "$gateway" --database "$database" --listen "127.0.0.1:$port" --state "$home/gateway-tls" --loops "$loops" \
        --tls-certificate "$home/tls.crt" --tls-key "$home/tls.key"
    tls_ready() { curl -fsSk -o /dev/null --max-time 1 "https://127.0.0.1:$port/readyz" 2>/dev/null; }
    eventually 30 tls_ready || platform_failed gateway-tls "is not ready"
    postmaster=
    for round in $(seq "$rounds"); do
        handshakes nginx "$proxy_tls_port" tls-full-nginx -new -tls1_3
        handshakes gateway-tls "$port" tls-full-charter -new -tls1_3
        # s_time reads no ticket of TLS 1.3.
        handshakes nginx "$proxy_tls_port" tls-resumed-nginx -reuse -tls1_2
        handshakes gateway-tls "$port" tls-resumed-charter -reuse -tls1_2
        tls_requests nginx nginx "$proxy_tls_port"
        tls_requests charter gateway-tls "$port"
    done
    stop gateway-tls
}

tls_requests() { # tls_requests <who> <piece> <port>
    local pid before figures requests micros rest
    pid=$(pid_of "$2")
    wait_for_rest "$pid"
    before=$(ticks_of "$pid")
    figures=$(wrk_once "$1" "$seconds" "https://127.0.0.1:$3")
    read -r requests micros rest <<<"$figures"
    [ "${requests:-0}" -gt 0 ] || die "wrk measured nothing over TLS on $1: $figures"
    wait_for_rest "$pid"
    awk -v r="$requests" -v us="$micros" -v t="$(($(ticks_of "$pid") - before))" -v hz="$ticks_per_second" \
        'BEGIN { printf "%.0f %.2f\n", r / us * 1e6, t / hz * 1e6 / r }' >>"$home/rows/tls-requests-$1"
}

report_tls() {
    say
    say "## TLS"
    say
    [ -z "$tls_left_out" ] || { say "Left out: this gateway has no \`--tls-certificate\`."; return 0; }
    say "ECDSA P-256. Handshakes by \`openssl s_time\`, full ones of TLS 1.3 and resumed ones of TLS 1.2, for each second of the server's CPU time; requests over $connections connections."
    say
    say "| | full handshakes per core second | resumed | requests/s | CPU µs/request |"
    say "|---|---|---|---|---|"
    local who
    for who in nginx charter; do
        say "| ${names[$who]} | $(summary "tls-full-$who" 1 %d) | $(summary "tls-resumed-$who" 1 %d) | $(summary "tls-requests-$who" 1 %d) | $(summary "tls-requests-$who" 2 %.2f) |"
    done
    say
    bound "full handshakes per core second against nginx's" "$(ratio tls-full-charter tls-full-nginx 1)" least 0.9
    bound "resumed handshakes per core second against nginx's" "$(ratio tls-resumed-charter tls-resumed-nginx 1)" least 0.9
    bound "requests/s over TLS against nginx's, everything on" "$(ratio tls-requests-charter tls-requests-nginx 1)" least 0.9
}
