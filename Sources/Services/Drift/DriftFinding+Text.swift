internal import FoundationEssentials
internal import Spec
internal import Store

/// How a finding reads to people.
extension DriftFinding {
    /// `wanted 100 USD, found 900 USD`, or what became of the row.
    var difference: String {
        switch aspect {
        case .missing: "the row is gone"
        case .unexpected: "no commit declares this row (uid \(uid.printable))"
        case .history, .provenance, .lineage: "\(amiss): was written as \(Self.shown(wanted)), is \(Self.shown(found))"
        case .changed: "wanted \(Self.shown(wanted)), found \(Self.shown(found))"
        }
    }

    /// Of what Charter keeps beside the row.
    private var amiss: String {
        switch (aspect, wanted, found) {
        case (_, nil, _): "no revision wrote this into charter.\(aspect.rawValue)"
        case (_, _, nil): "what was written into charter.\(aspect.rawValue) is gone"
        default: "changed by another hand than Charter's"
        }
    }

    /// Whether it is of a row as a whole, and of none of its fields.
    var isWhole: Bool { aspect == .missing || aspect == .unexpected }

    /// Whether it is open, since when, and by whom it is.
    var standing: String {
        var parts = [condition]
        if direction == .conflict { parts.append("a commit that waits wants yet another value") }
        if let adoption { parts.append(adoption.standing) }
        if let revertAskedBy { parts.append("to be put right, asked by \(revertAskedBy.printable)") }
        if let contestedSince { parts.append("contested since \(contestedSince.iso8601): charter takes no part until charter drift revert") }
        return parts.joined(separator: "; ")
    }

    private var condition: String {
        let since = firstSeen.map { " since \($0.iso8601)" } ?? ""
        if let toleration, state == .tolerated {
            return "tolerated until \(toleration.until.iso8601) by \(toleration.actor.printable): \(toleration.reason.printable)"
        }
        return "\(state.rawValue)\(since)\(settledAt.map { " until \($0.iso8601)" } ?? "")"
    }

    /// Who wrote it; `unattributed` where no record exists.
    var blame: String {
        write.map { "\($0.origin): \($0.statement.printable)" } ?? "unattributed"
    }

    /// Texts without their quotes, what is long cut, digests as fingerprints, `(absent)` for nothing.
    static func shown(_ json: String?) -> String {
        guard let json else { return "(absent)" }
        let text = (try? JSONDecoder().decode(String.self, from: Data(json.utf8))) ?? json
        let isDigest = text.utf8.count == 64 && text.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
        return isDigest ? "sha256:\(text.prefix(8))" : text.printable.shortened(to: charactersMax)
    }

    private static let charactersMax = 160
}

extension DriftFinding.Adoption {
    /// What the change came to so far, a clause.
    fileprivate var standing: String {
        let why = reason.map { ": \($0.printable)" } ?? ""
        return switch state {
        case .pending: "adoption asked for (change \(change))\(why)"
        case .proposed: "adoption proposed on branch \(branch?.printable ?? "")"
        case .committed: "adoption committed (change \(change))"
        case .enforced: "adopted by change \(change)"
        case .refused: "adoption refused\(why)"
        case .withdrawn: "adoption withdrawn\(why)"
        }
    }
}
