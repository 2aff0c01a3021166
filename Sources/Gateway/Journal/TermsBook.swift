internal import Policy
internal import Spec

/// The terms that a loop has made under one snapshot, and the forms of its decisions, so that a request finds its own
/// instead of making a dozen texts anew.
///
/// Confined to the loop's thread.
final class TermsBook {
    private let snapshot: Snapshot
    private var known: [Combination: Entry] = [:]

    /// One combination's terms, and the forms of the decisions that were settled under them.
    final class Entry {
        let terms: AttemptTerms
        fileprivate var forms: [(key: DecisionFormKey, record: FormRecord)] = []

        fileprivate init(_ terms: AttemptTerms) { self.terms = terms }
    }

    /// Whatever tells two attempts' terms apart under one snapshot.
    struct Combination: Hashable {
        var key: Int
        var model: Int
        var endpoint: Endpoint
        var requestedModel: String
        /// A downgrade leaves what was asked for, and takes another way.
        var route: String?
        /// Prices change with time, without a new snapshot. The snapshot keeps the list alive, and so its identity.
        var prices: ObjectIdentifier?

        /// A model is asked for by few names, so the numbers spread well enough; equality compares all.
        func hash(into hasher: inout Hasher) { hasher.combine(key << 32 ^ model) }
    }

    /// More are forgotten and made anew: two kilobytes each, with the one form that nearly all have.
    private static let combinationsMax = 4_096

    /// Requests of one combination differ in few ways: the order of their targets, the secret, the rules that apply.
    private static let formsMax = 4

    init(_ snapshot: Snapshot) { self.snapshot = snapshot }

    func entry(_ combination: Combination, target: Target, writer: JournalWriter) -> Entry {
        if let entry = known[combination] { return entry }
        let identity = snapshot.identity(ofKey: combination.key)
        let terms = AttemptTerms(
            number: writer.nextNumber(),
            account: UsageAccount(
                org: identity.org, orgUID: identity.orgUID, project: identity.project, projectUID: identity.projectUID,
                member: identity.member, memberUID: identity.memberUID, key: identity.key, keyUID: identity.keyUID,
                tags: identity.tags),
            endpoint: combination.endpoint.rawValue, requestedModel: combination.requestedModel,
            model: target.model.qualifiedName, route: combination.route, price: PriceTerms(target.prices), revision: snapshot.revision.id)
        if known.count >= Self.combinationsMax { known.removeAll(keepingCapacity: true) }
        let entry = Entry(terms)
        known[combination] = entry
        return entry
    }

    /// The decision record as the journal keeps it.
    static func detail(_ decision: Decision, of entry: Entry, writer: JournalWriter) -> DecisionDetail {
        guard let key = decision.formKey else { return .text(decision.json) }
        for form in entry.forms where form.key == key { return .filled(form.record, decision.numbers) }
        let record = FormRecord(number: writer.nextNumber(), form: decision.form)
        if entry.forms.count == formsMax { entry.forms.removeFirst() }
        entry.forms.append((key, record))
        return .filled(record, decision.numbers)
    }
}
