internal import HTTP
internal import Spec
internal import Synchronization

/// What the gateway measures, gathered from all loops at one moment.
struct GatewayMetrics {
    private let shared: GatewayShared
    let counts: MetricsShard.Counts

    init(shared: GatewayShared) {
        self.shared = shared
        var counts = MetricsShard.Counts()
        for shard in shared.metrics { counts.add(shard.current) }
        for meter in shared.meters { counts.addOwnAnswers(meter.answers) }
        self.counts = counts
    }

    /// The page in Prometheus's text format.
    var page: String {
        var page = PrometheusText()
        write(to: &page)
        return page.text
    }

    func write(to sink: inout some MetricSink) {
        requests(&sink)
        models(&sink)
        connections(&sink)
        state(&sink)
        telemetry(&sink)
    }

    private func requests(_ page: inout some MetricSink) {
        page.family(
            "charter_requests_total", .counter,
            "Inference requests answered, refused ones included; endpoint none: answers that the listener gave by itself, before any endpoint.")
        for (label, count) in counts.requests.sorted(by: { $0.key < $1.key }) {
            page.sample(["endpoint": label.endpoint, "status": String(label.status)], count)
        }
        page.family("charter_refusals_total", .counter, "Errors told to clients, by stable code.")
        for (code, count) in counts.refusals.sorted(by: { $0.key < $1.key }) { page.sample(["code": code], count) }
        page.family("charter_attempts_total", .counter, "Attempts at providers by outcome.")
        for (label, count) in counts.attempts.sorted(by: { $0.key < $1.key }) {
            page.sample(["model": label.model, "outcome": label.outcome], count)
        }
        page.family("charter_stale_names_total", .counter, "Times that old addresses served, as a name could not be looked up in time.")
        page.sample([:], counts.staleNames)
        page.family("charter_requests_in_flight", .gauge, "Requests being read, forwarded or answered.")
        page.sample([:], counts.inFlight)
        page.histogram("charter_request_duration_seconds", "From the whole request to the end of the answer.", counts.duration)
        page.histogram("charter_upstream_first_byte_seconds", "From the request sent to the head of the provider's answer.", counts.firstByte)
        page.histogram("charter_overhead_seconds", "Time in the gateway itself, of plain answers.", counts.overhead)
    }

    private func models(_ page: inout some MetricSink) {
        let models = counts.models.sorted { $0.key < $1.key }
        page.family("charter_tokens_total", .counter, "Tokens used, as billed.")
        for (model, count) in models {
            page.sample(["model": model, "type": "input"], count.input)
            page.sample(["model": model, "type": "output"], count.output)
            page.sample(["model": model, "type": "cache_read"], count.cacheRead)
            page.sample(["model": model, "type": "reasoning"], count.reasoning)
        }
        page.family("charter_cost_usd_total", .counter, "Cost in US dollars; the ledger has the exact amounts.")
        for (model, count) in models { page.sample(["model": model], exactly: NanoUSD(count.cost).dollars) }
        page.family("charter_estimated_answers_total", .counter, "Answers whose usage the provider did not report.")
        for (model, count) in models { page.sample(["model": model], count.estimated) }
    }

    private func connections(_ page: inout some MetricSink) {
        page.family("charter_connections", .gauge, "Open connections of clients.")
        page.sample([:], shared.quota.count)
        page.family("charter_body_bytes", .gauge, "Bytes of requests' bodies in memory, and of answers that their readers have not taken.")
        page.sample([:], shared.bodies.bytes)
        page.family("charter_connection_events_total", .counter, "What happened to clients' connections, requests apart.")
        let events = shared.meters.reduce(into: [:]) { $0.merge($1.current, uniquingKeysWith: +) }
        for event in ServerEvent.allCases { page.sample(["event": event.rawValue], events[event] ?? 0) }
        guard let certificates = shared.certificates?.counts else { return }
        page.family("charter_tls_certificate_not_after_seconds", .gauge, "When a certificate ends, in seconds since 1970.")
        for expiry in certificates.expiries { page.sample(["file": expiry.file], expiry.notAfter) }
        page.family("charter_tls_reloads_total", .counter, "Times that changed certificates were taken, or refused and the old ones kept.")
        page.sample(["outcome": "taken"], certificates.taken)
        page.sample(["outcome": "refused"], certificates.refused)
    }

    private func state(_ page: inout some MetricSink) {
        let status = shared.status.current
        page.family("charter_ready", .gauge, "1 when requests are served.")
        page.sample([:], shared.faults.isEmpty ? 1 : 0)
        page.family("charter_revision", .gauge, "Number of the revision that is enforced.")
        page.sample([:], status.revision ?? 0)
        page.family("charter_revision_info", .gauge, "The revision that is enforced.")
        if let revision = status.revision { page.sample(["revision": String(revision), "commit": status.commit], 1) }
        page.family("charter_state_loads_total", .counter, "Revisions taken.")
        page.sample([:], status.loads)
        page.family("charter_state_rejections_total", .counter, "Revisions that could not be taken.")
        page.sample([:], status.rejections)
        page.family("charter_holds_expired_total", .counter, "Reservations that nobody ended within a day; any is a defect.")
        page.sample([:], status.expiredHolds)
        page.family("charter_database_reachable", .gauge, "1 while PostgreSQL answers the poll for revisions.")
        page.sample([:], status.isDatabaseReachable ? 1 : 0)
        page.family("charter_provider_available", .gauge, "0 for a provider without its credential or a usable address.")
        for name in status.providers { page.sample(["provider": name], status.providerFaults[name] == nil ? 1 : 0) }
        upstreams(&page)
        page.family("charter_journal_failing", .gauge, "1 while the disk refuses records, or may not have kept some.")
        page.sample([:], shared.journalHealth.isFailing ? 1 : 0)
        page.family("charter_journal_bytes", .gauge, "Bytes of the journal on the disk: what is not shipped yet, and segments in use.")
        page.sample([:], shared.journalHealth.bytes)
        page.family("charter_journal_full", .gauge, "1 while so much waits for PostgreSQL that nothing is served that a budget bounds.")
        page.sample([:], shared.journalHealth.isFull ? 1 : 0)
        let shipping = shared.shipping
        page.family("charter_ledger_shipped_total", .counter, "Attempts booked in PostgreSQL by this process.")
        page.sample([:], shipping?.attempts ?? 0)
        page.family("charter_journal_recovering", .gauge, "1 while what earlier processes left is not booked: nothing is served that a budget bounds.")
        page.sample([:], shared.isBooked.load(ordering: .relaxed) ? 0 : 1)
        page.family("charter_journal_damaged_bytes_total", .counter, "Bytes of the journal that could not be read.")
        page.sample([:], shared.journalHealth.lostBytes)
        page.family("charter_journal_unmatched_total", .counter, "Settlements that could not be booked, as what opened them was damaged.")
        page.sample([:], shipping?.unmatched ?? 0)
        page.family("charter_ledger_failures_total", .counter, "Failed tries to book.")
        page.sample([:], shipping?.failures ?? 0)
        page.family("charter_ledger_refused_total", .counter, "Rows that PostgreSQL will not take, kept in `refused.jsonl` beside the journal.")
        page.sample([:], shipping?.refused ?? 0)
        page.family("charter_journal_unsettled", .gauge, "Attempts opened and not settled, as far as was shipped.")
        page.sample([:], shipping?.unsettled ?? 0)
    }
}

extension GatewayMetrics {
    /// Of the export to a collector, where there is one.
    fileprivate func telemetry(_ page: inout some MetricSink) {
        let counts = shared.telemetry?.counts.current ?? TelemetryCounts.Values()
        let signals = shared.telemetry?.signals ?? []
        page.family("charter_telemetry_items_total", .counter, "Spans and data points by what has become of them on their way to the collector.")
        for signal in signals {
            for fate in TelemetryCounts.Fate.allCases {
                page.sample(["signal": signal.rawValue, "outcome": fate.rawValue], counts.items[signal]?[fate] ?? 0)
            }
        }
        page.family("charter_telemetry_tries_total", .counter, "Messages sent to the collector, each time that they were.")
        for signal in signals {
            for outcome in TelemetryCounts.Outcome.allCases {
                page.sample(["signal": signal.rawValue, "outcome": outcome.rawValue], counts.tries[signal]?[outcome] ?? 0)
            }
        }
    }

    fileprivate func upstreams(_ page: inout some MetricSink) {
        let now = WallClock.monotonicNanoseconds
        let providers = shared.upstreams.providers
        page.family("charter_provider_healthy", .gauge, "0 while a provider is asked after all others, or being tried again.")
        for provider in providers { page.sample(["provider": provider.name], provider.isWell(now: now) ? 1 : 0) }
        page.family("charter_provider_ejections_total", .counter, "Times that failures of requests took a provider out.")
        for provider in providers {
            if let ejection = provider.ejection { page.sample(["provider": provider.name], ejection.openingCount) }
        }
        page.family("charter_provider_checks_total", .counter, "Answers to questions about a provider's health.")
        for provider in providers {
            let result = provider.checkResult
            guard result.good + result.bad > 0 else { continue }
            page.sample(["provider": provider.name, "outcome": "good"], result.good)
            page.sample(["provider": provider.name, "outcome": "bad"], result.bad)
        }
    }
}

extension MetricsShard.Counts {
    /// What the HTTP layer answers by itself, by status: to requests that no endpoint has seen, or none could serve.
    mutating func addOwnAnswers(_ answers: [Int: Int]) {
        for (status, count) in answers {
            requests[MetricsShard.RequestLabel(endpoint: "none", status: status), default: 0] += count
            refusals[AnswerError(status: status, reason: "").charterCode, default: 0] += count
        }
    }

    mutating func add(_ other: MetricsShard.Counts) {
        requests.merge(other.requests, uniquingKeysWith: +)
        refusals.merge(other.refusals, uniquingKeysWith: +)
        attempts.merge(other.attempts, uniquingKeysWith: +)
        answers.merge(other.answers) { $0.sum(with: $1) }
        firstByte.add(other.firstByte)
        overhead.add(other.overhead)
        inFlight += other.inFlight
        staleNames += other.staleNames
    }

    /// The answers of each model, whatever it was asked and however they ended.
    var models: [String: MetricsShard.AnswerCounts] {
        Dictionary(answers.map { ($0.key.model, $0.value) }) { $0.sum(with: $1) }
    }

    var duration: Histogram {
        answers.values.reduce(into: Histogram(bounds: Histogram.requestSeconds)) { $0.add($1.duration) }
    }
}

extension MetricsShard.AnswerCounts {
    func sum(with other: MetricsShard.AnswerCounts) -> MetricsShard.AnswerCounts {
        var sum = self
        sum.input &+= other.input
        sum.output &+= other.output
        sum.cacheRead &+= other.cacheRead
        sum.reasoning &+= other.reasoning
        sum.cost &+= other.cost
        sum.estimated += other.estimated
        sum.duration.add(other.duration)
        return sum
    }
}
