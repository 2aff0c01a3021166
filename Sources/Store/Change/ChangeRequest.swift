package import Spec

/// A change of declared state that somebody asked for, and what became of it.
package struct ChangeRequest: Hashable, Sendable {
    package enum State: String, CaseIterable, Sendable {
        /// Nobody has carried it out yet.
        case pending
        /// On a branch of its own, until somebody merges that.
        case proposed
        /// On the branch that is enforced.
        case committed
        /// In an applied revision.
        case enforced
        case refused
        case withdrawn

        /// Whether nothing becomes of it any more.
        package var isFinal: Bool { [.enforced, .refused, .withdrawn].contains(self) }
    }

    package var uid: String
    /// The order in which requests are carried out.
    package var number: Int64
    package var state: State
    package var asked: ChangeDraft
    /// The revision that the caller saw; 0 before the first.
    package var baseRevision: Int64
    package var createdAt: Instant
    package var decidedAt: Instant?
    package var decidedBy: String?
    /// Why it was refused or withdrawn.
    package var reason: String?
    /// `path:line:column` of what it was refused for.
    package var place: String?
    /// The branch that proposes it.
    package var branch: String?
    package var commit: String?
    /// The first revision that contains the commit.
    package var revision: Int64?
    package var attempts: Int64
    /// Why it waits, after an attempt that may succeed later.
    package var trouble: String?
    /// Whether its commit may be on the branch already.
    package var isBegun: Bool
}

/// What a caller asks for.
package struct ChangeDraft: Hashable, Sendable {
    /// Nil for what belongs to the platform, or to several organizations.
    package var org: String?
    package var unit: String
    /// One line, the first one of the commit's message.
    package var title: String
    package var patch: ChangePatch
    /// `organization/member`.
    package var caller: String
    /// Why; may be empty.
    package var purpose: String
    /// Nil where the caller will not repeat the call.
    package var idempotencyKey: String?
    /// What a repeated call is known by where the patch is made anew each time, as with a fresh secret; nil where the patch says it.
    package var call: String?

    package init(
        org: String?, unit: String, title: String, patch: ChangePatch, caller: String, purpose: String, idempotencyKey: String?,
        call: String? = nil
    ) {
        self.org = org
        self.unit = unit
        self.title = title
        self.patch = patch
        self.caller = caller
        self.purpose = purpose
        self.idempotencyKey = idempotencyKey
        self.call = call
    }
}

/// An idempotency key that was used for another request within the time that keys are remembered.
package struct IdempotencyConflict: Error, Hashable, CustomStringConvertible {
    /// The other one; nil where the call left no change.
    package var uid: String?

    package var description: String {
        "the idempotency key was used for another \(uid.map { "change already, \($0)" } ?? "call already"); use a new key for a new one"
    }
}
