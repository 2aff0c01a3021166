internal import Policy
internal import Spec

/// The terms that a loop has made under one snapshot, and the texts of its decisions, so that a request finds its own
/// instead of making a dozen texts anew.
///
/// Confined to the loop's thread.
final class TermsBook {
    private let snapshot: Snapshot
    private var known: [Combination: AttemptTerms] = [:]
    private var texts: DecisionTexts

    /// Whatever tells two attempts' terms apart under one snapshot.
    struct Combination: Hashable {
        var key: Int
        var model: Int
        var endpoint: Endpoint
        var requestedModel: String
        /// Prices change with time, without a new snapshot. The snapshot keeps the list alive, and so its identity.
        var prices: ObjectIdentifier?

        /// A model is asked for by few names, so the numbers spread well enough; equality compares all.
        func hash(into hasher: inout Hasher) { hasher.combine(key << 32 ^ model) }
    }

    /// More are forgotten and made anew: a few hundred bytes each.
    private static let combinationsMax = 8_192

    init(_ snapshot: Snapshot) {
        self.snapshot = snapshot
        texts = DecisionTexts(snapshot)
    }

    /// The decision record, as JSON.
    func json(_ decision: Decision) -> String { decision.json(using: &texts) }

    func terms(_ combination: Combination, target: Target, route: String?, writer: JournalWriter) -> AttemptTerms {
        if let terms = known[combination] { return terms }
        let identity = snapshot.identity(ofKey: combination.key)
        let terms = AttemptTerms(
            number: writer.nextTermsNumber(),
            account: UsageAccount(
                org: identity.org, orgUID: identity.orgUID, project: identity.project, projectUID: identity.projectUID,
                member: identity.member, memberUID: identity.memberUID, key: identity.key, keyUID: identity.keyUID),
            endpoint: combination.endpoint.rawValue, requestedModel: combination.requestedModel,
            model: target.model.qualifiedName, route: route, price: PriceTerms(target.prices), revision: snapshot.revision.id)
        if known.count >= Self.combinationsMax { known.removeAll(keepingCapacity: true) }
        known[combination] = terms
        return terms
    }
}
