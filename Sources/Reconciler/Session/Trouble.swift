internal import Spec
internal import Store

/// What a loop needs to know of an error: who, if anybody, has to do something before trying again makes sense.
package enum Trouble: Error, Sendable, CustomStringConvertible {
    /// Trying again changes nothing until somebody mends the repository, the settings or the database.
    case humanMustAct(String)
    /// The unit is suspended.
    case standsStill(String)
    /// The plan is blocked until somebody says that it is meant.
    case humanMustConfirm(BlockedPlan)
    /// It may pass by itself.
    case retryAfter(Duration, String)

    package var description: String {
        switch self {
        case .humanMustAct(let message), .standsStill(let message), .retryAfter(_, let message): message
        case .humanMustConfirm(let plan): plan.text
        }
    }
}

extension Trouble {
    /// The name of the loop's log line.
    var eventName: String {
        switch self {
        case .humanMustAct: "stuck"
        case .standsStill: "suspended"
        case .humanMustConfirm: "blocked"
        case .retryAfter: "retrying"
        }
    }

    /// Whether an error tells of the repository, and of how it was reached.
    static func isOfSource(_ error: any Error) -> Bool { error is SourceError || error is GitError || error is SystemError }

    /// The pause before what passes by itself is tried again.
    private static let pause = Duration.seconds(1)

    /// Sorts any error of the layers below into one of the three kinds.
    package init(_ error: any Error) {
        switch error {
        case let trouble as Trouble: self = trouble
        case let error as SourceError:
            self = error.needsHuman ? .humanMustAct(error.message) : .retryAfter(Self.pause, error.message)
        case let error as GitError:
            self = error.code == .refused ? .humanMustAct("\(error)") : .retryAfter(Self.pause, "\(error)")
        case SchemaMismatch.database(let error): self = .retryAfter(Self.pause, "\(error)")
        case let error as SchemaMismatch: self = .humanMustAct("\(error)")
        case let error as LeadershipLost: self = .retryAfter(.zero, "\(error)")
        default: self = .retryAfter(Self.pause, "\(error)")
        }
    }
}
