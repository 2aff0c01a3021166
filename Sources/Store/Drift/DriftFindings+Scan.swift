extension DriftFindings {
    /// What a scan changed of what was known.
    package struct News: Sendable {
        /// First seen now.
        package var opened: [DriftFinding] = []
        /// As applied again, with what became of them.
        package var closed: [DriftFinding] = []
        /// Tolerated until now.
        package var reopened: [DriftFinding] = []
        /// In which Charter takes no part from now on.
        package var contested: [DriftFinding] = []
        /// Changes that were to declare what is not found any more, by `uid`.
        package var superseded: [String] = []
        /// All that the database is like now, as far as kept.
        package var present: [DriftFinding] = []

        package init() {}

        package var tolerated: Set<DriftFinding.Subject> { Set(present.filter { $0.state == .tolerated }.map(\.subject)) }
    }

    /// Brings what is known of a unit to what a scan saw, and answers what is new; `outcome` says what became of one that is not seen
    /// any more. A scan that sees the same writes nothing but, once a minute, that it is still there.
    package static func record(
        _ transaction: Transaction, unit: String, seen: [DriftFinding], outcome: (DriftFinding) throws -> DriftFinding.State
    ) throws -> News {
        try prune(transaction)
        let ended = try endTolerations(transaction, unit: unit)
        let known = Dictionary(try present(transaction, unit: unit).map { ($0.subject, $0) }) { first, _ in first }
        let seen = Dictionary(kept(of: seen, known).map { ($0.subject, $0) }) { first, _ in first }
        var news = News()
        news.opened = seen.values.filter { known[$0.subject] == nil }
        news.closed = try known.values.filter { seen[$0.subject] == nil }.map { finding in
            var finding = finding
            finding.state = try outcome(finding)
            return finding
        }
        let changed = seen.values.filter { now in known[now.subject].map { !now.says($0) } ?? false }
        let moved = Set(changed.map(\.subject))
        try settle(transaction, news.closed.map { ($0.id, $0.state) })
        try insert(transaction, news.opened)
        try update(transaction, changed)
        try touch(transaction, known.values.filter { seen[$0.subject] != nil && !moved.contains($0.subject) }.map(\.id))
        let contested = try contest(transaction, unit: unit)
        let isSame = news.opened.isEmpty && news.closed.isEmpty && changed.isEmpty && contested.isEmpty
        news.present = isSame ? Array(known.values) : try present(transaction, unit: unit)
        news.tell(known, ended: ended, contested: contested)
        return news
    }
}

extension DriftFindings.News {
    /// Says what is new in what is there now, against what was known before.
    fileprivate mutating func tell(_ known: [DriftFinding.Subject: DriftFinding], ended: Set<Int64>, contested ids: Set<Int64>) {
        let new = Set(opened.map(\.subject))
        opened = present.filter { new.contains($0.subject) }
        contested = present.filter { ids.contains($0.id) || $0.contestedSince != nil && new.contains($0.subject) }
        reopened = present.filter { $0.state == .open && (ended.contains($0.id) || known[$0.subject]?.state == .tolerated) }
        let others = present.filter { $0.adoption == nil }.compactMap { known[$0.subject] }
        let over = (others + closed.filter { $0.state != .adopted }).filter(\.isBeingAdopted)
        superseded = Set(over.compactMap { $0.adoption?.change }).sorted()
    }
}

extension DriftFindings {
    /// As many as are kept: first what is known already, so that no number of others ends what people said of it.
    private static func kept(of seen: [DriftFinding], _ known: [DriftFinding.Subject: DriftFinding]) -> [DriftFinding] {
        guard seen.count > presentMax else { return seen }
        let old = seen.filter { known[$0.subject] != nil }
        return Array((old + seen.filter { known[$0.subject] == nil }).prefix(presentMax))
    }
}

extension DriftFinding {
    /// Whether both find the same; the revision may be another.
    fileprivate func says(_ other: DriftFinding) -> Bool {
        (resource, aspect, label, wanted, found, direction) == (
            other.resource, other.aspect, other.label, other.wanted, other.found, other.direction
        ) && place == other.place && row == other.row
    }
}
