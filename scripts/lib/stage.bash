# Sourced after house.bash, pieces.bash and platform.bash: what every measurement of the gateway stands on. A folder and a database of its own, a built
# product, the rules of Benchmarks/config with a key of each kind, and the end of all of it with the script.
#
# BUILT=FOLDER measures the executables in that folder and builds nothing, to set two builds beside each other.

lib="$root/Benchmarks/lib"
upstream_port=
events_port=
# Everything is declared for the first of the keys, and as little as possible for the second.
full_key=
bare_key=
# Whether the stage's end stops PostgreSQL too.
started_postgres=
# Ports are handed out upwards: one that was given to a piece which does not listen yet is no longer free.
next_port=9300
take_port() {
    port=$(free_port "$next_port")
    next_port=$((port + 1))
}

# stage_open <name>
stage_open() {
    platform_choose "$1"
    exec 8>"$home/lock"
    flock -n 8 || die "this runs already in this checkout"
    trap 'stage_close $?' EXIT
    trap 'stage_close 130' INT TERM HUP
    "$root/scripts/bootstrap" "$1"
    if [ -n "${BUILT:-}" ]; then
        charter="$BUILT/charter"
        gateway="$BUILT/charter-gateway"
        [ -x "$charter" ] && [ -x "$gateway" ] || die "there are no executables in $BUILT"
    else
        platform_build
    fi
    stop_leftovers
    rm -rf "$home"/{work,config.git,gateway,reconciler,rows}
    rm -f "$pieces"/*.log
    mkdir -p "$home/rows"
    [ "$("$root/scripts/postgres" status)" = up ] || started_postgres=1
    "$root/scripts/postgres" start >/dev/null
    "$root/scripts/postgres" drop "charter_$1"
    database=$("$root/scripts/postgres" url "charter_$1")
}

stage_close() {
    local status=$1
    trap - EXIT
    trap '' INT TERM HUP
    stop gateway
    stop_leftovers
    [ -z "$started_postgres" ] || "$root/scripts/postgres" stop >/dev/null
    exit "$status"
}

# stage_nginx <piece> <configuration>: the words UPSTREAM_PORT and PROXY_PORT in it are replaced.
stage_nginx() {
    local prefix="$home/$1"
    mkdir -p "$prefix"
    sed "s|UPSTREAM_PORT|$upstream_port|; s|PROXY_EVENTS_PORT|${proxy_events_port:-0}|; s|EVENTS_PORT|$events_port|; s|PROXY_TLS_PORT|${proxy_tls_port:-0}|; s|PROXY_PORT|${proxy_port:-0}|; s|HOME|$home|" "$root/Benchmarks/$2" >"$prefix/nginx.conf"
    start "$1" nginx -p "$prefix" -c "$prefix/nginx.conf" -e stderr
}

# stage_upstreams: the provider of plain answers, and the port of a provider of event streams.
stage_upstreams() {
    take_port
    upstream_port=$port
    take_port
    events_port=$port
    stage_nginx upstream upstream.conf
}

# stage_mint <file>: a new secret's digest into a file of the rules; the secret is left in $minted.
stage_mint() {
    local both
    mapfile -t both < <("$charter" keys new --quiet)
    [ ${#both[@]} -eq 2 ] || die "charter keys new printed no secret"
    sed -i "s/0\{64\}/${both[1]}/" "$work/$1"
    minted=${both[0]}
}

stage_commit() {
    git -C "$work" -c user.name=Benchmark -c user.email=bench@charter.example -c commit.gpgsign=false add -A
    git -C "$work" -c user.name=Benchmark -c user.email=bench@charter.example -c commit.gpgsign=false commit -q -m "$1"
}

# stage_rules: the rules, applied.
stage_rules() {
    cp -R "$root/Benchmarks/config" "$work"
    sed -i "s|UPSTREAM_PORT|$upstream_port|; s|EVENTS_PORT|$events_port|" "$work/platform.yaml"
    stage_mint orgs/bench/org.yaml
    full_key=$minted
    stage_mint orgs/bare/org.yaml
    bare_key=$minted
    git init -q -b main "$work"
    stage_commit "Rules of the benchmark"
    { "$charter" migrate --database "$database" &&
        "$charter" apply --repo "$work" --branch main --database "$database" --state "$home/reconciler"; } >"$pieces/apply.log" 2>&1 ||
        { last_words apply >&2; die "the rules were not applied; see $pieces/apply.log"; }
}

# stage_gateway <loops> [option…]: a gateway that is ready, on $gateway_port, the same each time. $under may hold a command that runs it.
under=()
clients_max=9000
stage_gateway() {
    local loops=$1
    shift
    if [ -z "$gateway_port" ]; then
        take_port
        gateway_port=$port
    fi
    # All of a load comes from one address.
    ! "$gateway" --help | grep -q -- --connections-per-client || set -- --connections-per-client "$clients_max" "$@"
    start gateway "${under[@]}" "$gateway" --database "$database" --listen "127.0.0.1:$gateway_port" --state "$home/gateway" --loops "$loops" "$@"
    eventually "${READY_PATIENCE:-30}" gateway_answers || platform_failed gateway "is not ready"
    is_running gateway || platform_failed gateway "ended"
}

# The machine and the versions, as the last lines of a page of results.
stage_machine() {
    say "- Machine: $(nproc) cores, $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1), $(awk '/MemTotal/ { printf "%.0f GiB", $2 / 1048576 }' /proc/meminfo), Linux $(uname -r)."
    say "- Versions: $(swift_version), $(nginx -v 2>&1 | sed 's/^nginx version: //'), PostgreSQL $(psql "$database" -Atqc 'SHOW server_version' | cut -d' ' -f1), commit $(git -C "$root" rev-parse --short HEAD 2>/dev/null || say unknown)."
}

swift_version() { swift --version 2>/dev/null | sed -n 's/.*\(Swift version [0-9.]*[0-9]\).*/\1/p' | head -n 1; }
