internal import Crypto
internal import Spec

/// Has what was found become declarations: requests for changes, which write-back makes commits of.
package enum DriftAdoptions {
    /// By what a repeated call is known.
    package enum Repetition: Hashable, Sendable {
        /// The caller's own key, where there is one, and what tells the call from another one with it; see `ChangeDraft.call`.
        case call(String?, String?)
        /// The findings themselves, so that they are asked for once however often they are seen.
        case findings
    }

    /// What a resource's findings cannot become, with its name.
    package struct Refused: Error, Hashable, Sendable {
        package var resource: String
        /// A clause.
        package var reason: String
    }

    /// Asks for one change of each unit, in the order of their names, and notes it with the findings; for several where one would have too many
    /// steps. Those that wait for a change already keep it.
    ///
    /// - Parameter findings: of one transaction with this one, see `DriftFindings.hold`.
    /// - Parameter caller: `organization/member`, by whose rights the changes are judged when they are carried out.
    /// - Parameter isProposal: whether they go to branches of their own whatever the caller may do.
    package static func ask(
        _ transaction: Transaction, _ findings: [DriftFinding], caller: String, reason: String, knownBy repetition: Repetition,
        isProposal: Bool = false
    ) throws -> [(request: ChangeRequest, isRepeated: Bool)] {
        var asked: [(request: ChangeRequest, isRepeated: Bool)] = []
        for (unit, found) in Dictionary(grouping: findings, by: \.unit).sorted(by: { $0.key < $1.key }) {
            for uid in Set(found.compactMap { $0.isBeingAdopted ? $0.adoption?.change : nil }).sorted() {
                guard let request = try ChangeRequests.one(transaction, .everything, uid: uid) else { continue }
                asked.append((request, true))
            }
            for (number, open) in parts(of: found.filter { !$0.isBeingAdopted }).enumerated() {
                var draft = ChangeDraft(
                    org: nil, unit: unit, title: "", patch: try patch(of: open, transaction), caller: caller,
                    purpose: purpose(reason, open), idempotencyKey: nil)
                let (orgs, names) = (draft.patch.orgs, Set(open.map(\.resource)).sorted())
                draft.patch.isProposal = isProposal
                if orgs.count == 1, let org = orgs.first { draft.org = org }
                draft.title = "Adopt drift of " + (names.count == 1 ? names[0].printable : "\(names.count) resources")
                draft.idempotencyKey = key(repetition, draft, open, number)
                if case .call(_, let call) = repetition { draft.call = call }
                if let problem = draft.problem { throw Refused(resource: names[0], reason: problem) }
                let request = try draft.ask(transaction)
                try DriftFindings.note(transaction, open.map(\.id), adoption: request.request.uid)
                asked.append(request)
            }
        }
        return asked
    }

    /// As many resources together as one change takes, those of a resource never apart.
    private static func parts(of findings: [DriftFinding]) -> [[DriftFinding]] {
        var (parts, uids): ([[DriftFinding]], Set<String>) = ([], [])
        for finding in findings.sorted(by: { ($0.uid, $0.id) < ($1.uid, $1.id) }) {
            if parts.isEmpty || uids.count == ChangeDraft.stepsMax && !uids.contains(finding.uid) {
                parts.append([])
                uids = []
            }
            uids.insert(finding.uid)
            parts[parts.count - 1].append(finding)
        }
        return parts
    }

    private static func key(_ repetition: Repetition, _ draft: ChangeDraft, _ findings: [DriftFinding], _ number: Int) -> String? {
        switch repetition {
        case .call(let key, _): key.map { Self.key($0, of: draft.unit, number) }
        case .findings: "\(ownKey)\(findings.map(\.id).min() ?? 0)-\(SHA256.digest(draft.patch.json + draft.purpose).hex.prefix(16))"
        }
    }

    /// With which the keys of what was asked for by the findings themselves begin.
    private static let ownKey = "drift-"

    /// Takes back what was asked for by findings themselves and declares what is not found any more, so that of a row that a hand writes again and
    /// again one proposal stands. What a person asked for is the person's to take back.
    package static func withdraw(_ transaction: Transaction, _ changes: [String], askedBy caller: String?, by actor: String) throws(DatabaseError) {
        var withdrawn: [String] = []
        for change in changes {
            guard let request = try ChangeRequests.one(transaction, .everything, uid: change), request.asked.caller == caller,
                request.asked.idempotencyKey?.hasPrefix(ownKey) ?? false,
                try request.withdraw(transaction, reason: "what it declares is not found any more", by: actor)
            else { continue }
            // The same may be found, and asked for, once more.
            try ChangeRequests.forgetKey(transaction, uid: change)
            withdrawn.append(change)
        }
        try DriftFindings.release(transaction, from: withdrawn)
    }

    /// Of one of the changes that a call with a key asks for in a unit, counted from 0.
    private static func key(_ key: String, of unit: String, _ number: Int) -> String { "call-\(SHA256.digest("\(key)\n\(unit)\n\(number)").hex)" }

    /// What the same call asked for before, in the order of the units' names. Throws `IdempotencyConflict` for another one with its key.
    package static func earlier(_ transaction: Transaction, caller: String, key: String?, call: String?) throws -> [ChangeRequest] {
        guard let key, let call else { return [] }
        var found: [ChangeRequest] = []
        for unit in try Units.status(transaction).map(\.name).sorted() {
            var number = 0
            while let request = try ChangeRequests.earlier(transaction, caller: caller, key: Self.key(key, of: unit, number), call: call) {
                found.append(request)
                number += 1
            }
        }
        return found
    }

    // MARK: What is asked for

    private static func patch(of findings: [DriftFinding], _ transaction: Transaction) throws -> ChangePatch {
        let groups = Dictionary(grouping: findings, by: \.uid)
        let uids = groups.keys.sorted()
        let applied = try History.state(transaction, at: .max, of: uids)
        let found = Dictionary(try Resources.list(transaction, uids: uids).map { ($0.uid, $0) }) { first, _ in first }
        var adoptions: [ResourceKey: DriftAdoption] = [:]
        for uid in uids {
            guard let group = groups[uid], let name = group.first?.resource else { continue }
            do throws(DriftAdoption.Refused) {
                let adoption = try DriftAdoption(group, applied: applied[uid], found: found[uid])
                guard adoptions.updateValue(adoption, forKey: adoption.key) == nil else {
                    throw DriftAdoption.Refused("its row is gone, and another one has its name")
                }
            } catch { throw Refused(resource: name, reason: error.reason) }
        }
        let ordered = adoptions.values.sorted { $0.key < $1.key }
        return ChangePatch(ordered.map(\.step), expected: adoptions.mapValues(\.expected))
    }

    /// By uid; a row of a kind that this program does not know is as one that is not there, since no file declares it.
    /// Why, and who wrote what; no value of it, which may be anything.
    private static func purpose(_ reason: String, _ findings: [DriftFinding]) -> String {
        var lines = reason.isEmpty ? [] : [reason]
        var room = purposeBytesMax - reason.utf8.count
        for (index, finding) in findings.enumerated() {
            let line = "\(finding.resource) \(finding.label) (\(finding.aspect.rawValue)): \(finding.write?.origin ?? "unattributed")".printable
            room -= line.utf8.count + 1
            guard room >= 0 else {
                lines.append("and \(findings.count - index) more")
                break
            }
            lines.append(line)
        }
        return lines.joined(separator: "\n")
    }

    /// With the reason that a person gives; a last line has room behind it.
    private static let purposeBytesMax = ChangeDraft.textBytesMax - 100
}

extension DriftFindings {
    /// Those that somebody means, held for the transaction's length, one more than `presentMax` at most; of all there are the open ones alone.
    package static func hold(
        _ transaction: Transaction, _ tenancy: Tenancy, _ selection: Selection
    ) throws(DatabaseError) -> [DriftFinding] {
        try select(
            transaction,
            """
            \(meant) AND ($2::text IS NOT NULL OR (f.state = 'open' AND f.\(DriftFinding.Aspect.ofRow))) ORDER BY f.id
                LIMIT $4 FOR UPDATE OF f
            """, [tenancy.value, .text(selection.resource), .text(selection.pointer), .integer(Int64(presentMax + 1))])
    }

    /// The same of these resources, by uid.
    package static func hold(_ transaction: Transaction, unit: String, uids: [String]) throws(DatabaseError) -> [DriftFinding] {
        try select(
            transaction, "f.settled_at IS NULL AND f.unit = $1 AND f.uid = ANY ($2::uuid[]) ORDER BY f.id FOR UPDATE OF f",
            [.text(unit), .texts(uids)])
    }

    /// Which change is to declare them.
    static func note(_ transaction: Transaction, _ ids: [Int64], adoption: String) throws(DatabaseError) {
        try transaction.query(
            """
            UPDATE charter.drift_finding SET adoption = $2::uuid, revert_asked_by = NULL,
                asks = CASE WHEN asked_since > now() - interval '10 minutes' THEN asks + 1 ELSE 1 END,
                asked_since = CASE WHEN asked_since > now() - interval '10 minutes' THEN asked_since ELSE now() END
            WHERE id = ANY ($1::bigint[])
            """, [.integers(ids), .text(adoption)])
    }
}
