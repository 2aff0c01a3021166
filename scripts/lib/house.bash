# Sourced by the scripts beside this folder: where things are, how they speak, and which ports are free.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
# Everything that a checkout makes beside its build lives here.
state="$root/.charter"

# A shell that sourced the demo's own environment names no other PostgreSQL by it.
if [ -n "${CHARTER_DEMO:-}" ]; then unset CHARTER_DATABASE_URL CHARTER_REPOSITORY; fi

say() { printf '%s\n' "$*"; }
warn() { printf '%s\n' "$*" >&2; }
die() {
    warn "${0##*/}: $*"
    exit 1
}

# The first free TCP port on loopback from $1 upwards.
free_port() {
    local port=$1
    while (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do
        port=$((port + 1))
        [ "$port" -lt $(($1 + 200)) ] || die "no free port between $1 and $port"
    done
    say "$port"
}

# Tries "$@" every 50 ms until it succeeds, for at most $1 seconds.
eventually() {
    local end=$((SECONDS + $1 + 1))
    shift
    until "$@"; do
        [ "$SECONDS" -lt "$end" ] || return 1
        sleep 0.05
    done
}

# Milliseconds since 1970.
milliseconds() { date +%s%3N; }
