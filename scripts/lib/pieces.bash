# Sourced after house.bash: starting processes in the background and stopping exactly those again.
#
# A piece is recorded as `pid start-time` in $pieces/<name>.pid. The start time tells our process from another that was
# given the same number later, so a record that outlived a crash or a reboot never leads to a stranger being stopped.

# Set by the caller: the folder of records and logs.
pieces=${pieces:-}

# Field 22 of /proc/<pid>/stat, counted after the command name, which may hold spaces.
start_time_of() {
    local stat
    stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
    stat=${stat##*) }
    set -- $stat
    # A zombie has ended and only waits to be collected.
    [ "$1" != Z ] || return 1
    say "${20}"
}

is_running() {
    local pid started
    read -r pid started 2>/dev/null <"$pieces/$1.pid" || return 1
    [ "$(start_time_of "$pid")" = "$started" ]
}

pid_of() {
    local pid started
    read -r pid started <"$pieces/$1.pid" && say "$pid"
}

# start <name> <command…>: in a session of its own, so that Ctrl-C reaches the caller alone, who then stops in order.
start() {
    local name=$1
    shift
    # The callers' locks stay theirs.
    setsid "$@" >>"$pieces/$name.log" 2>&1 </dev/null 8>&- 9>&- &
    local pid=$!
    # bash would tell of its end otherwise.
    disown
    say "$pid $(start_time_of "$pid" || say 0)" >"$pieces/$name.pid"
}

# stop <name>: politely, then by force; says nothing when it does not run.
stop() {
    [ -f "$pieces/$1.pid" ] || return 0
    if is_running "$1"; then
        local pid
        pid=$(pid_of "$1")
        kill -TERM "$pid" 2>/dev/null || true
        eventually "${STOP_PATIENCE:-10}" has_ended "$1" || kill -KILL "$pid" 2>/dev/null || true
        wait "$pid" 2>/dev/null || true
    fi
    rm -f "$pieces/$1.pid"
}

has_ended() { ! is_running "$1"; }

# Stops what an earlier run left behind when it was killed.
stop_leftovers() {
    local record
    for record in "$pieces"/*.pid; do
        [ -e "$record" ] || continue
        stop "$(basename "$record" .pid)"
    done
}

# What a piece said last, for an error message.
last_words() { tail -n "${2:-8}" "$pieces/$1.log" 2>/dev/null | sed "s/^/    $1: /"; }
