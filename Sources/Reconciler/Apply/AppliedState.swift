internal import Spec
package import Store

/// What the database holds, beside what Charter put there.
package struct AppliedState: Sendable {
    /// The last revision; nil before the first apply.
    package var revision: Revision?
    /// As applied, by uid.
    package var applied: [String: PastResource] = [:]
    /// As found in the database now, by uid.
    package var actual: [String: StoredResource] = [:]
    /// Rows that no apply can have written, since their kind does not exist.
    package var strangers: [StrangeRow] = []
    /// Where each applied resource was declared, and by whom, by uid.
    package var provenance: [String: Provenance] = [:]
    package var lineages = LineageBook([])
    /// Applied resources that are left out here, since the commit cannot concern them.
    package var rest = Rest()

    /// What other units have applied, which has no part in the rest of this value.
    package var others = OtherUnits()
    /// The newest revision that changed what the unit declares; nil before its first apply. Of no unit in particular, the newest of all.
    package var unitRevision: Revision?

    package struct Rest: Sendable {
        package var count = 0
        package var digest = StateDigest()
        /// The rules of the repository, when they are left out.
        package var rules: (PastResource, Provenance?)?
    }

    package init() {}

    /// How many resources were applied.
    package var population: Int { applied.count + rest.count }

    /// Reads what is one unit's.
    package init(_ transaction: Transaction, unit: String) throws {
        try self.init(transaction)
        try limit(to: unit, transaction)
    }

    /// Leaves out what other units have applied.
    mutating func limit(to unit: String, _ transaction: Transaction) throws {
        leaveOut(
            try OtherUnits(transaction, than: unit, from: applied), than: unit,
            unitRevision: try Revisions.declared(transaction, unit: unit))
    }

    /// The same of what is known of the units.
    mutating func leaveOut(_ others: OtherUnits, than unit: String, unitRevision: Revision?) {
        self.others = others
        self.unitRevision = unitRevision
        guard !others.isEmpty else { return }
        let foreign = others.rows
        applied = applied.filter { foreign[$0.key] == nil }
        actual = actual.filter { foreign[$0.key] == nil }
        leaveStrayRows(of: Set((revision?.vector ?? [:]).keys).subtracting([unit]))
        provenance = provenance.filter { foreign[$0.key] == nil }
        // Or a former name would take over what another unit declares, its usage and its rules.
        lineages = LineageBook(lineages.all.filter { foreign[$0.uid] == nil })
    }

    /// Rows that a hand wrote under another unit are that unit's to judge, unless one has the name of what is applied here.
    private mutating func leaveStrayRows(of units: Set<String>) {
        let stray = actual.filter { applied[$0.key] == nil && units.contains($0.value.unit) }
        guard !stray.isEmpty else { return }
        let names = Set(applied.values.map(\.key))
        for (uid, row) in stray where !names.contains(row.key) { actual[uid] = nil }
    }

    /// Reads everything, in one transaction for one consistent picture.
    package init(_ transaction: Transaction) throws {
        try self.init(rowsOf: transaction)
        // Of what is deleted the table still tells, and its rules would bind for ever.
        provenance = try ProvenanceTable.at(transaction, revision: revision?.id ?? 0).filter { applied[$0.key] != nil }
        lineages = LineageBook(try Lineages.all(transaction))
    }

    /// Reads the rows as applied and as found, which is what drift is seen from, without where they are written.
    init(rowsOf transaction: Transaction) throws {
        ProgressBoard.begin(.loading)
        revision = try Revisions.current(transaction)
        unitRevision = revision
        actual = Dictionary(
            try Resources.all(transaction).map { ($0.uid, $0) }, uniquingKeysWith: { first, _ in first })
        applied = try History.base(transaction, beside: actual)
        strangers = try Resources.strangers(transaction)
    }

    package var base: Plan.AppliedCommit? {
        (unitRevision ?? (others.isEmpty ? revision : nil)).map { Plan.AppliedCommit(revision: $0.id, commit: $0.commit) }
    }
}

extension Provenance {
    func place(of pointer: String) -> Place {
        spans.nearest(pointer) ?? documentPlace
    }

    var documentPlace: Place { Place(path: path, position: document) }
}
