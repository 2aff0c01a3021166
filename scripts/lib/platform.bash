# Sourced after pieces.bash: a whole Charter platform on this machine, in one folder, from a copy of the example repository.

# Set by platform_choose.
home=
pieces=
work=
bare=
database=
gateway_port=
openai_port=
groq_port=
charter="$root/.build/release/charter"
gateway="$root/.build/release/charter-gateway"

# platform_choose <folder name>: where everything of this platform lives.
platform_choose() {
    home="$state/$1"
    pieces="$home/run"
    work="$home/work"
    bare="$home/config.git"
    mkdir -p "$pieces"
}

platform_build() {
    "$root/scripts/bootstrap"
    say "Building…"
    # The build's own words matter only when it fails.
    local log="$state/build.log"
    (cd "$root" && swift build -c release --product charter && swift build -c release --product charter-gateway) \
        >"$log" 2>&1 </dev/null || {
        grep -m 5 -A 3 'error:' "$log" >&2 || tail -n 15 "$log" >&2
        die "the build failed; see $log"
    }
}

platform_ports() {
    gateway_port=$(free_port "${1:-8080}")
    openai_port=$(free_port "${2:-9101}")
    groq_port=$(free_port "$((openai_port > 9101 ? openai_port + 1 : 9102))")
}

# A Git repository of the example, and the bare one that the reconciler watches; every commit in it is pushed at once.
platform_repository() {
    mkdir -p "$work"
    cp -R "$root/examples/config-repo/." "$work/"
    git init -q --bare -b main "$bare"
    (
        cd "$work"
        git init -q -b main .
        git config core.hooksPath .git/hooks
        git config commit.gpgsign false
        git config user.email >/dev/null || git config user.email platform@charter.example
        git config user.name >/dev/null || git config user.name "Platform Team"
        git remote add origin "$bare"
        mkdir -p .git/hooks
        printf '#!/bin/sh\nexec git push -q origin HEAD:main\n' >.git/hooks/post-commit
        chmod +x .git/hooks/post-commit
        platform_point_providers
        git add -A
        git commit -q -m "Begin with the example platform"
    )
}

# platform_mint <file>: a secret into the file, its digest into the copy of the example; Git never sees the secret.
platform_mint() {
    local minted
    # The secret, then the digest.
    mapfile -t minted < <("$charter" keys new --quiet)
    [ ${#minted[@]} -eq 2 ] || die "charter keys new printed no secret"
    (umask 077 && say "${minted[0]}" >"$1")
    sed -i "0,/^  secrets:\$/s//  secrets:\n    - { sha256: ${minted[1]} }    # made on this machine/" "$work/orgs/acme/keys/checkout.yaml"
}

# The simulated providers listen where there was room.
platform_point_providers() {
    sed -i "s|http://127.0.0.1:[0-9]*/v1|http://127.0.0.1:$openai_port/v1|" "$work/providers/openai.yaml"
    sed -i "s|http://127.0.0.1:[0-9]*/v1|http://127.0.0.1:$groq_port/v1|" "$work/providers/groq.yaml"
}

# platform_commit <message>: everything changed in the work folder, if anything.
platform_commit() {
    git -C "$work" add -A
    git -C "$work" diff --cached --quiet || git -C "$work" commit -q -m "$1"
}

platform_simulators() {
    start openai "$charter" simulate --listen "127.0.0.1:$openai_port" --log "$home/openai.log" "$@"
    start groq "$charter" simulate --listen "127.0.0.1:$groq_port" --log "$home/groq.log" "$@"
}

platform_watch() {
    start watch "$charter" watch --repo "$bare" --branch main --database "$database" --state "$home/reconciler"
}

platform_gateway() {
    start gateway "$gateway" --database "$database" --listen "127.0.0.1:$gateway_port" --state "$home/gateway"
}

gateway_answers() { curl -fsS -o /dev/null --max-time 1 "http://127.0.0.1:$gateway_port/readyz" 2>/dev/null; }

# Waits until every piece named answers for itself, or says which one died and what it said last.
platform_ready() {
    local end=$((SECONDS + ${READY_PATIENCE:-60}))
    until gateway_answers; do
        platform_lives
        [ "$SECONDS" -lt "$end" ] || platform_failed gateway "is not ready"
        sleep 0.1
    done
}

# Every piece that was started still runs.
platform_lives() {
    local record piece
    for record in "$pieces"/*.pid; do
        piece=$(basename "$record" .pid)
        is_running "$piece" || platform_failed "$piece" "ended"
    done
}

platform_failed() {
    last_words "$1" >&2
    die "$1 $2; see $pieces/$1.log"
}

# In the order in which each needs the next.
platform_stop() {
    local piece
    for piece in load gateway watch openai groq; do stop "$piece"; done
}
