internal import Crypto
internal import Spec
package import Store

extension DriftReport {
    /// What was found, field by field, as it is kept.
    package func findings(unit: String) -> [DriftFinding] {
        drift.flatMap { drift in
            let found = state.actual[drift.uid]
            let row = drift.isOfRow ? found.map { StateDigest.row($0.key, $0.canonical).hex } : nil
            return drift.findings(unit: unit, revision: base?.revision ?? 0).map { finding in
                var finding = finding
                finding.row = row
                return finding
            }
        }
    }

    /// What became of a finding that is not there any more; `wasApplied` tells that a revision was written since it was last seen, `names` are
    /// `appliedNames`, asked for where they are needed.
    func outcome(of finding: DriftFinding, wasApplied: Bool, names: @autoclosure () -> Set<String>) -> DriftFinding.State {
        // Only a revision declares anything: where none came, what a finding was held against was put back.
        if wasApplied && isDeclared(finding, names) || finding.adoption?.state == .enforced { return .adopted }
        return wasApplied ? .reverted : .gone
    }

    /// As findings name resources.
    var appliedNames: Set<String> { Set(state.applied.values.map { "\($0.key)" }) }

    /// Whether what was found is what is applied by now.
    private func isDeclared(_ finding: DriftFinding, _ names: () -> Set<String>) -> Bool {
        let row = state.applied[finding.uid]
        switch finding.aspect {
        case .provenance, .history, .lineage: return false
        case .missing: return row == nil
        case .unexpected: return names().contains(finding.resource)
        case .changed:
            guard let row, finding.found != finding.wanted, let node = FieldNode(row.canonical) else { return false }
            let text = (node.value(at: finding.pointer)?.text).map(DriftFinding.cut)
            return text != finding.wanted && text == finding.found
        }
    }

    /// Leaves out what people said may stay for a time.
    func without(_ tolerated: Set<DriftFinding.Subject>) -> DriftReport {
        guard !tolerated.isEmpty else { return self }
        var report = self
        report.drift = drift.compactMap { $0.without(tolerated) }
        return report
    }
}

extension Drift {
    fileprivate func findings(unit: String, revision: Int64) -> [DriftFinding] {
        func whole(_ aspect: DriftFinding.Aspect) -> [DriftFinding] {
            [DriftFinding(unit: unit, uid: uid, resource: resource, aspect: aspect, place: place, revision: revision)]
        }
        switch finding {
        case .missing: return whole(.missing)
        case .unexpected: return whole(.unexpected)
        case .changed(let fields): return each(.changed, fields)
        case .record(let aspect, let fields): return each(aspect, fields)
        }
        func each(_ aspect: DriftFinding.Aspect, _ fields: [FieldDrift]) -> [DriftFinding] {
            fields.map { field in
                DriftFinding(
                    unit: unit, uid: uid, resource: resource, aspect: aspect, pointer: field.pointer, label: field.path,
                    wanted: field.wanted, found: field.found, place: field.place ?? place, revision: revision)
            }
        }
    }

    /// Nil where nothing is left.
    func without(_ tolerated: Set<DriftFinding.Subject>) -> Drift? {
        func open(_ fields: [FieldDrift]) -> [FieldDrift] {
            fields.filter { !tolerated.contains(.init(uid: uid, pointer: $0.pointer)) }
        }
        var drift = self
        switch finding {
        case .missing, .unexpected: return tolerated.contains(.init(uid: uid, pointer: "")) ? nil : self
        case .changed(let fields): drift.finding = .changed(open(fields))
        case .record(let aspect, let fields): drift.finding = .record(aspect, open(fields))
        }
        return drift.fieldCount > 0 ? drift : nil
    }

    /// Whether it is of the row of the resource, and not of what Charter keeps beside it.
    fileprivate var isOfRow: Bool { if case .record = finding { false } else { true } }

    /// Nil for a row of a kind that this program does not know.
    var kind: Kind? {
        let parts = resource.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)
        return parts.count == 3 ? Kind(rawValue: String(parts[1])) : nil
    }
}
