# Sourced by Benchmarks/run: reading what processes used, and medians.

ticks_per_second=$(getconf CLK_TCK)

# family_of <pid>: it and its children.
family_of() {
    local pid=$1
    say "$pid"
    cat /proc/"$pid"/task/*/children 2>/dev/null | tr ' ' '\n' | sed '/^$/d'
}

# Clock ticks that a process and its children have used so far.
ticks_of() {
    local total=0 stat child
    for child in $(family_of "$1"); do
        stat=$(cat "/proc/$child/stat" 2>/dev/null) || continue
        stat=${stat##*) }
        set -- $stat
        total=$((total + ${12} + ${13}))
    done
    say "$total"
}

# KiB of resident memory of a process and its children.
resident_of() {
    local total=0 child
    for child in $(family_of "$1"); do
        total=$((total + $(sed -n 's/^VmRSS:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$child/status")))
    done
    say "$total"
}

# Waits until a process rests: what it does after a load, shipping to the ledger above all, is part of the load's cost.
rested() {
    local before=$1
    sleep 0.3
    [ $(($(ticks_of "$2") - before)) -le 1 ]
}
wait_for_rest() { eventually "${2:-60}" eval "rested \$(ticks_of $1) $1" || warn "process $1 does not rest"; }

# median <format>: of the numbers that come in, as `median (least..most)`.
median() {
    sort -n | awk -v f="$1" '{ v[NR] = $1 } END {
        if (NR == 0) { print "none"; exit }
        m = NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2
        printf f " (" f ".." f ")", m, v[1], v[NR] }'
}
# summary <rows> <column> <format>
summary() { awk -v c="$2" '{ print $c }' "$home/rows/$1" | median "$3"; }
middle() { local all; all=$(summary "$1" "$2" %.6f); say "${all%% *}"; }
# ratio <rows> <rows> <column>: the median over rounds of the first's figure divided by the second's of the same round.
ratio() {
    paste "$home/rows/$1" "$home/rows/$2" | awk -v c="$3" '{ w = NF / 2; if ($(c + w) > 0) print $c / $(c + w) }' | median %.2f
}
# difference <rows> <rows> <column> <format>
difference() { paste "$home/rows/$1" "$home/rows/$2" | awk -v c="$3" '{ w = NF / 2; print $c - $(c + w) }' | median "$4"; }

# bound <text> <figure> <is: most|least> <limit>: a line that says whether the figure's median is within it.
bound() {
    local figure=${2%% *}
    if awk -v f="$figure" -v l="$4" -v w="$3" 'BEGIN { exit !(w == "most" ? f <= l : f >= l) }'; then
        say "- Holds: $1, at $3 $4: $2."
    else
        say "- **Does not hold**: $1, at $3 $4: $2."
    fi
}
