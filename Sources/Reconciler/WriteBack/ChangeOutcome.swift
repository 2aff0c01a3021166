internal import Spec
internal import Store

/// What carrying out one request came to.
enum ChangeOutcome: Hashable {
    /// It is on the branch that is enforced.
    case committed(ObjectID)
    /// It is on a branch of its own, since what follows, a clause.
    case proposed(ObjectID, branch: String, since: String)
    case refused(String, place: Place?)
    /// It is tried again later.
    case postponed(String)

    init(_ refusal: ChangeRefusal) {
        switch refusal {
        case .refused(let reason, let place): self = .refused(reason, place: place)
        case .postponed(let reason): self = .postponed(reason)
        }
    }

    /// What the audit, events and the log call it; nil for what is not over.
    var action: String? {
        switch self {
        case .committed: "change.committed"
        case .proposed: "change.proposed"
        case .refused: "change.refused"
        case .postponed: nil
        }
    }

    var facts: [(String, JSONTree)] {
        switch self {
        case .committed(let commit): [("commit", .string(commit.hex))]
        case .proposed(let commit, let branch, let since):
            [("commit", .string(commit.hex)), ("branch", .string(branch)), ("since", .string(since))]
        case .refused(let reason, let place): [("reason", .string(reason)), ("place", .optional(place?.description))]
        case .postponed(let reason): [("reason", .string(reason))]
        }
    }
}

extension WatchEvent {
    static func change(_ request: ChangeRequest, _ outcome: ChangeOutcome) -> WatchEvent {
        WatchEvent(
            (outcome.action ?? "change.postponed").replacing(".", with: "_"),
            [("change", .string(request.uid)), ("caller", .string(request.asked.caller)), ("title", .string(request.asked.title))]
                + outcome.facts)
    }
}
