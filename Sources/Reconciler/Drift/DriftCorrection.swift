internal import Spec
internal import Store

/// Which drift is put right without a commit. A value.
struct DriftCorrection {
    /// How much of a row is put right.
    enum Share: Hashable {
        case nothing
        case everything
        /// All but the fields at these pointers, which may stay for a time.
        case besides([String])
    }

    /// Nil puts all of it right.
    private let rules: Repository?
    /// By the uid of the resource.
    private var findings: [String: [DriftFinding]] = [:]

    static let everything = DriftCorrection(rules: nil)

    /// By the modes of the rules in force, and by what is kept of each finding.
    init(rules: Repository, _ findings: [DriftFinding]) {
        self.rules = rules
        self.findings = Dictionary(grouping: findings, by: \.uid)
    }

    private init(rules: Repository?) { self.rules = rules }

    /// The same with what is kept of each finding by now.
    func knowing(_ findings: [DriftFinding]) -> DriftCorrection {
        var now = self
        now.findings = Dictionary(grouping: findings, by: \.uid)
        return now
    }

    func includes(_ drift: Drift) -> Bool { share(of: drift) != .nothing }

    /// A row that is contested, or that waits for a commit which declares what it says, stays as it is.
    func share(of drift: Drift) -> Share {
        if case .record = drift.finding { return .nothing }
        guard let rules else { return .everything }
        let kept = findings[drift.uid] ?? []
        // The history is what a row would be put right from.
        if kept.contains(where: \.isOfHistory) { return .nothing }
        if kept.contains(where: \.isBeingAdopted) { return .nothing }
        let asked = kept.filter { $0.revertAskedBy != nil && $0.aspect.isOfRow }.map(\.pointer)
        let isInMode = rules.driftAction(of: drift.kind) == .correct && !kept.contains { $0.contestedSince != nil }
        guard isInMode || !asked.isEmpty else { return .nothing }
        let tolerated = kept.filter { $0.state == .tolerated && $0.aspect.isOfRow }
        var staying = Set(tolerated.map(\.pointer))
        if !isInMode { staying.formUnion(Self.others(than: asked, in: drift)) }
        guard !staying.isEmpty else { return .everything }
        guard drift.isInText, tolerated.allSatisfy({ $0.aspect == .changed && $0.isAdoptable }) else {
            return tolerated.isEmpty ? .everything : .nothing
        }
        guard drift.without(Set(staying.map { DriftFinding.Subject(uid: drift.uid, pointer: $0) })) != nil else { return .nothing }
        return .besides(staying.sorted())
    }

    /// Of a row of which somebody wants some fields put right alone: what the others are, but for those in a list with one of them.
    private static func others(than asked: [String], in drift: Drift) -> [String] {
        guard case .changed(let fields) = drift.finding else { return [] }
        let wholes = Set(asked.map(whole))
        return fields.map(\.pointer).filter { !asked.contains($0) && !wholes.contains(whole($0)) }
    }

    /// The list in which a field stands, which is written as one; the field itself where it stands in none.
    private static func whole(_ pointer: String) -> String {
        let names = pointer.split(separator: "/", omittingEmptySubsequences: false)
        return names.prefix { !FieldPointer.isNumber(String($0)) }.joined(separator: "/")
    }

    /// What is put right of it; nil where nothing is.
    func part(of drift: Drift) -> Drift? {
        switch share(of: drift) {
        case .nothing: nil
        case .everything: drift
        case .besides(let pointers): drift.without(Set(pointers.map { DriftFinding.Subject(uid: drift.uid, pointer: $0) }))
        }
    }

    /// The row as it is to be written; of fields that may stay as it was found. A list stays as a whole.
    func row(_ row: StoredResource, for drift: Drift?, found: StoredResource?) -> StoredResource {
        guard let drift, let found, case .besides(let pointers) = share(of: drift) else { return row }
        let mixed = CanonicalFields(of: row.canonical).taking(pointers, from: CanonicalFields(of: found.canonical))
        // With the digest of what was applied, so that nobody takes for applied what is tolerated.
        return mixed.text.map {
            StoredResource(key: row.key, uid: row.uid, canonical: $0, digest: row.digest, revision: row.revision, unit: row.unit)
        } ?? found
    }
}

extension DriftFinding {
    /// Whether it is not known any more what was applied.
    fileprivate var isOfHistory: Bool { aspect == .history && pointer.hasPrefix(Drift.historyPointer) }
}

extension Drift {
    /// Whether it is of fields of the canonical text alone.
    var isInText: Bool {
        guard case .changed(let fields) = finding else { return false }
        return fields.allSatisfy { DriftFinding.isInText($0.pointer) }
    }
}
