# What connections cost that stay open and do nothing. Columns: bytes for each.

idle_connections=5000

# fresh <who>: started anew, since memory that earlier loads left free would take the connections, and warmed up.
fresh() {
    case $1 in
        nginx)
            stop nginx
            stage_nginx nginx peers/nginx.conf
            ;;
        charter)
            stop gateway
            stage_gateway "$loops"
            ;;
    esac
    eventually 30 answers "$1" || die "$1 does not answer after its start"
    wrk_once "$1" 2 >/dev/null
}

measure_idle() {
    local who pid before held round
    for round in $(seq "$rounds"); do
        for who in nginx charter; do
            fresh "$who"
            pid=$(pid_for "$who")
            wait_for_rest "$pid"
            before=$(resident_of "$pid")
            : >"$home/idle.out"
            "$load" idle --port "${ports[$who]}" --connections "$idle_connections" --seconds 3 --key "$(key_of "$who")" --body "$home/chat.json" >"$home/idle.out" 2>&1 &
            held=$!
            eventually 60 grep -q "^open $idle_connections$" "$home/idle.out" || die "connections to $who: $(cat "$home/idle.out")"
            # What answering them took is given back before they are judged idle.
            sleep 2
            say "$((($(resident_of "$pid") - before) * 1024 / idle_connections))" >>"$home/rows/idle-$who"
            wait "$held" || die "connections to $who: $(cat "$home/idle.out")"
            grep -q "^answered $idle_connections$" "$home/idle.out" || warn "$who: $(tail -n 1 "$home/idle.out") of $idle_connections after idling"
            printf 'round %s  %-9s %s bytes for each idle connection\n' "$round" "$who" "$(tail -n 1 "$home/rows/idle-$who")"
        done
    done
}

report_idle() {
    local who
    say
    say "## $idle_connections idle keep-alive connections"
    say
    say "Resident memory gained over that of a process which has just served $connections connections for 2 s, for each that is open and idle."
    say
    say "| | bytes for each |"
    say "|---|---|"
    for who in nginx charter; do say "| ${names[$who]} | $(summary "idle-$who" 1 %d) |"; done
    say
    bound "bytes for each idle connection" "$(summary idle-charter 1 %d)" most 1023
}
