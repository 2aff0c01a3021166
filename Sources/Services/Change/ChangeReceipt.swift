internal import Spec
package import Store

/// How a change stands that was asked for.
package struct ChangeReceipt: Sendable {
    package let request: ChangeRequest
    /// Whether the same call had asked for it before.
    package let isRepeated: Bool

    /// One or two sentences, with how to follow it where it is not over.
    package var text: String {
        let title = request.asked.title.printable
        let follow = "charter changes show \(request.uid)"
        switch request.state {
        case .pending:
            let trouble = request.trouble.map { " It waits: \($0.printable)." } ?? ""
            return "Accepted: \(title).\(trouble)\n\(follow) tells what becomes of it."
        case .committed: return "Committed as \(commit): \(title).\n\(follow) tells when it is applied."
        case .enforced: return "Applied as \(commit), revision \(request.revision ?? 0): \(title)."
        case .proposed: return "Proposed as \(commit) on the branch \(request.branch?.printable ?? ""): \(title).\nIt takes effect when that is merged."
        case .refused:
            return "Refused: \(title).\n" + (request.place.map { "\($0.printable): " } ?? "") + (request.reason?.printable ?? "")
        case .withdrawn: return "Withdrawn: \(title). \(request.reason?.printable ?? "")"
        }
    }

    private var commit: Substring { (request.commit ?? "").prefix(10) }

    package var json: String {
        var text = JSONText(.printable)
        text.object { text in
            text.member("format", 1)
            text.name("repeated")
            text.boolean(isRepeated)
            text.name("change")
            request.write(to: &text)
        }
        return text.json
    }

    /// Asks again and again until it is over, proposed, or `patience` ends; `pause` waits, and answers false to end the waiting.
    package func waiting(
        _ patience: Duration, _ connection: Connection, pause: (Duration) -> Bool
    ) throws -> ChangeReceipt {
        let end = ContinuousClock.now + patience
        var receipt = self
        while !receipt.isOver, ContinuousClock.now < end, pause(Self.pause) {
            let found = try connection.transaction { try ChangeRequests.one($0, .everything, uid: request.uid) }
            guard let found else { break }
            receipt = ChangeReceipt(request: found, isRepeated: isRepeated)
        }
        return receipt
    }

    /// Whether waiting longer shows nothing more: a proposal waits for people.
    package var isOver: Bool { request.state.isFinal || request.state == .proposed }

    private static let pause = Duration.milliseconds(50)
}

extension ChangeRequest {
    func write(to text: inout JSONText) {
        text.object { text in
            text.member("id", uid)
            text.member("state", state.rawValue)
            text.member("title", asked.title)
            text.member("org", asked.org)
            text.member("unit", asked.unit)
            text.member("caller", asked.caller)
            text.member("purpose", asked.purpose)
            text.member("baseRevision", baseRevision)
            text.member("askedAt", createdAt.iso8601)
            text.member("decidedAt", decidedAt?.iso8601)
            text.member("decidedBy", decidedBy)
            text.member("reason", reason)
            text.member("place", place)
            text.member("branch", branch)
            text.member("commit", commit)
            if let revision { text.member("revision", revision) }
            text.member("attempts", attempts)
            text.member("waitsFor", trouble)
            text.name("patch")
            text.raw(asked.patch.json)
        }
    }
}
