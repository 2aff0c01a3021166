internal import Policy
internal import Spec
package import Store

/// `charter usage reprice`: books for usage of the past what it costs by the prices that are applied now.
///
/// A catalog often learns of a price after its day: the prices that hold at the moment of an attempt, as the newest revision
/// declares them, decide, not those by which it was booked.
package struct Repricing: Sendable {
    let request: UsageRequest
    let reason: String
    let actor: String
    /// Whether it is only looked at what would be booked.
    let isTrial: Bool

    package init(request: UsageRequest, reason: String, actor: String, isTrial: Bool) {
        self.request = request
        self.reason = reason
        self.actor = actor
        self.isTrial = isTrial
    }

    /// Reads the ledger in one transaction of `reader`, and books a page of it at a time by `writer`: ended half-way and called
    /// again it goes on where it was, as an attempt that costs what it should is left alone.
    package func run(
        _ reader: Connection, _ writer: Connection, tell: (LedgerProgress) -> Void = { _ in }
    ) throws -> RepricingListing {
        try reader.transaction(.repeatableRead, timeout: Self.patience, retry: .once) { transaction in
            tell(.looking)
            let filter = try request.filter(transaction)
            let exact = UsageQuestion([request.span], by: [.flags], filter: filter)
            if let hour = try Ledger.hourWithoutRows(transaction, exact) { throw UsageProblem.rowsGone(hour) }
            let counted = try Ledger.report(transaction, UsageQuestion([request.span], filter: filter))
            let prices = try AppliedPrices(transaction)
            var listing = RepricingListing(request: request, revision: prices.revision, isTrial: isTrial)
            let epoch = isTrial ? nil : try begin(writer, prices)
            tell(.begun(rows: Int(counted.reduce(0) { $0 + $1.sums.attempts })))
            var pages = try LedgerPages(transaction, request.span, filter)
            while let rows = try pages.next(transaction) {
                let attempts = rows.filter { !$0.isCorrection }
                let corrections = attempts.compactMap(prices.correction)
                let costs =
                    try epoch.map { try book(writer, corrections, epoch: $0, prices) }
                    ?? Ledger.costs(transaction, of: corrections.map(\.row))
                // What retention has removed meanwhile costs what it did.
                for correction in corrections {
                    if let before = costs[AttemptName(correction.row)] { listing.take(correction, before: before) }
                }
                listing.unpriced += attempts.count - corrections.count
                tell(.advanced(rows: rows.count))
            }
            return listing
        }
    }

    /// Says who corrects what and why before anything is corrected; every row that is booked bears the number of this epoch.
    private func begin(_ writer: Connection, _ prices: AppliedPrices) throws -> Int64 {
        try writer.transaction { transaction in
            let epoch = try Epochs.mint(transaction, gateway: "reprice")
            var members: [(String, JSONTree)] = [
                ("epoch", .int(epoch)), ("revision", .int(prices.revision)), ("from", .string(request.span.lowerBound.iso8601)),
                ("to", .string(request.span.upperBound.iso8601)), ("reason", .string(reason)),
            ]
            let words = request.filter
            for (name, word) in [("org", words.org), ("project", words.project), ("key", words.key), ("member", words.member)] {
                if let word { members.append((name, .string(word))) }
            }
            if !words.models.isEmpty { members.append(("models", .array(words.models.map(JSONTree.string)))) }
            if !words.tags.isEmpty { members.append(("tags", .array(words.tags.map { .string("\($0.name)=\($0.value)") }))) }
            if words.isFlagged { members.append(("flagged", .bool(true))) }
            let tenancy = words.org.map(Tenancy.organization) ?? .platform
            try Audit.append(
                transaction, tenancy, actor: actor, action: "usage.repriced", subject: "usage", detail: JSONTree.object(members).text)
            return epoch
        }
    }

    private func book(
        _ writer: Connection, _ corrections: [CostCorrection], epoch: Int64, _ prices: AppliedPrices
    ) throws -> [AttemptName: NanoUSD] {
        guard !corrections.isEmpty else { return [:] }
        let detail = JSONTree.object([
            ("repriced", .object([("revision", .int(prices.revision)), ("by", .string(actor)), ("reason", .string(reason))]))
        ]).text
        return try writer.transaction { try Ledger.correct($0, corrections, epoch: epoch, detail: detail) }
    }

    /// For one page.
    private static let patience = Duration.seconds(300)
}

/// The prices of every model, as the newest revision has them.
private struct AppliedPrices {
    let revision: Int64
    private let models: [String: ModelEntry]

    init(_ transaction: Transaction) throws {
        revision = try Revisions.current(transaction)?.id ?? 0
        let resources = try Resources.list(transaction, kinds: [.provider, .modelCatalog]).map { row in
            GovernedResource(
                uid: row.uid, resource: try Resource.decode(key: row.key, canonical: row.canonical),
                provenance: ResourceProvenance(path: "", document: Position(line: 1, column: 1), spans: .none))
        }
        let identity = RevisionIdentity(id: revision, commit: "", stateDigest: "")
        let snapshot = Snapshot.compile(resources, revision: identity, reviewing: false).snapshot
        models = Dictionary(snapshot.models.map { ($0.qualifiedName, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// Nil where the model has no prices at the attempt's time, or is not declared any more; and where they differ by class of
    /// service, which the ledger does not tell.
    func correction(of row: UsageRow) -> CostCorrection? {
        guard let endpoint = Endpoint(rawValue: row.terms.endpoint), let prices = models[row.terms.model]?.prices(at: row.at, for: endpoint),
            !prices.hasTiers
        else { return nil }
        let usage = Usage(
            input: row.input, output: row.output, cacheRead: row.cacheRead, cacheWrite: row.cacheWrite, reasoning: row.reasoning,
            other: Dictionary(uniqueKeysWithValues: row.otherMeters.map { (Meter(rawValue: $0.key), $0.value) }))
        // As at its time: what served nothing is not billed, not even a price per request; an answer is, whatever was counted of it.
        let isServed = usage != Usage() || row.status == 200 || row.cost != .zero
        let cost = isServed ? Pricing.cost(usage, prices) : .zero
        return CostCorrection(row: row, cost: cost, priceVersion: prices.version)
    }
}
