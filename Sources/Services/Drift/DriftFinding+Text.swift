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
        case .changed: "wanted \(Self.shown(wanted)), found \(Self.shown(found))"
        }
    }

    /// Whether it is open, since when, and by whom it is.
    var standing: String {
        var parts = [condition]
        if direction == .conflict { parts.append("a commit that waits wants yet another value") }
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
        guard let write else { return "unattributed" }
        let role = write.actingRole == write.sessionRole ? write.sessionRole : "\(write.sessionRole) as \(write.actingRole)"
        let program = write.application.isEmpty ? "" : " by \(write.application)"
        let address = write.address.map { " from \($0)" } ?? ""
        return "\(role)\(program)\(address) at \(write.at.iso8601), transaction \(write.transaction): \(write.statement)".printable
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
