internal import HTTP
internal import Synchronization

/// Counts the calls of the admin API. From any thread.
final class AdminMeter: Sendable {
    private let state = Mutex(State())

    struct State {
        var calls: [Call: Int] = [:]
        var durations = Histogram(bounds: [0.01, 0.05, 0.1, 0.5, 1, 5, 15])
        var waits = Histogram(bounds: [0.01, 0.05, 0.1, 0.5, 1, 5, 15])
        var waiting = 0
        /// As the last reader of figures found it.
        var isDatabaseReachable = false
    }

    /// Of which there are as many as routes and statuses, whatever strangers send.
    struct Call: Hashable {
        var route: String
        var status: Int
    }

    var current: State { state.withLock { $0 } }

    /// A call was answered, so long after it came.
    func note(_ call: Call, after duration: Duration) {
        state.withLock { state in
            state.calls[call, default: 0] += 1
            state.durations.observe(duration / .seconds(1))
        }
    }

    /// A call was begun, so long after it came.
    func note(begunAfter wait: Duration) { state.withLock { $0.waits.observe(wait / .seconds(1)) } }

    func note(isDatabaseReachable: Bool) { state.withLock { $0.isDatabaseReachable = isDatabaseReachable } }

    /// So many wait now.
    func note(waiting count: Int) { state.withLock { $0.waiting = count } }
}

/// What is told of the admin API to whoever watches it; a value.
struct AdminMetrics {
    let meter: AdminMeter
    let keySets: KeySetCache?

    /// In Prometheus' text format.
    var text: String {
        let state = meter.current
        var sink = PrometheusText()
        sink.family("charter_admin_database_reachable", .gauge, "1 where PostgreSQL answers.")
        sink.sample([:], state.isDatabaseReachable ? 1 : 0)
        sink.family("charter_admin_calls_total", .counter, "Calls of the admin API that were answered, by route and status.")
        for (call, count) in state.calls.sorted(by: { ($0.key.route, $0.key.status) < ($1.key.route, $1.key.status) }) {
            sink.sample(["route": call.route, "status": String(call.status)], count)
        }
        sink.histogram("charter_admin_call_seconds", "From a call to its answer.", state.durations)
        sink.histogram("charter_admin_wait_seconds", "From a call to when it is carried out.", state.waits)
        sink.family("charter_admin_waiting", .gauge, "Calls that wait to be carried out.")
        sink.sample([:], state.waiting)
        sink.family("charter_admin_issuer_waiting", .gauge, "Calls that wait for the keys of an issuer.")
        sink.sample([:], keySets?.waiting ?? 0)
        sink.family("charter_admin_issuer_keys_age_seconds", .gauge, "How old the keys of an issuer are; absent while none are known.")
        for (issuer, age) in keySets?.ages ?? [] {
            if let age { sink.sample(["issuer": issuer], age.components.seconds) }
        }
        return sink.text
    }
}
