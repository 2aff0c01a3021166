package import Spec

/// One thing that holds of a unit, or does not, since when and why.
package struct Condition: Hashable, Sendable {
    package var name: Name
    package var status: Status
    package var reason: Reason
    /// One sentence without its full stop, with the figures, and `file:line:column` where there is one.
    package var message: String
    /// When the status last changed; nil where nobody saw it change.
    package var since: Instant?

    package enum Name: String, CaseIterable, Sendable {
        case ready = "Ready"
        case fetched = "Fetched"
        case verified = "Verified"
        case valid = "Valid"
        case applied = "Applied"
        case enforced = "Enforced"
        case sourceStale = "SourceStale"
        case drifted = "Drifted"
        case suspended = "Suspended"

        /// What nobody has to do anything about.
        package var wanted: Status {
            switch self {
            case .ready, .fetched, .verified, .valid, .applied, .enforced: .true
            case .sourceStale, .drifted, .suspended: .false
            }
        }
    }

    package enum Status: String, CaseIterable, Sendable {
        case `true` = "True"
        case `false` = "False"
        case unknown = "Unknown"
    }

    /// Whether somebody should look.
    package var isBad: Bool { status != name.wanted && status != .unknown }
}

extension Condition {
    /// Why a condition has its status; scripts may rely on these words, and OPERATIONS.md explains each.
    package enum Reason: String, CaseIterable, Sendable {
        case ready = "Ready"
        // The source.
        case notYetFetched = "NotYetFetched"
        case fetchFailed = "FetchFailed"
        case fetched = "Fetched"
        case mirrorKept = "MirrorKept"
        case fresh = "Fresh"
        // Who answers for the newest commit.
        case notJudged = "NotJudged"
        case notDemanded = "NotDemanded"
        case signed = "Signed"
        case warned = "Warned"
        case acceptedByHand = "AcceptedByHand"
        case unsigned = "Unsigned"
        case untrusted = "Untrusted"
        case badSignature = "BadSignature"
        case unchecked = "Unchecked"
        case wrongSigner = "WrongSigner"
        // What the newest commit declares.
        case notRead = "NotRead"
        case valid = "Valid"
        case invalid = "Invalid"
        // What became of it.
        case applied = "Applied"
        case pending = "Pending"
        case rejected = "Rejected"
        case notVerified = "NotVerified"
        case blocked = "Blocked"
        case held = "Held"
        case rolledBack = "RolledBack"
        // The gateways.
        case nothingApplied = "NothingApplied"
        case noGateway = "NoGateway"
        case enforced = "Enforced"
        case gatewayBehind = "GatewayBehind"
        case gatewaySilent = "GatewaySilent"
        case digestDiffers = "DigestDiffers"
        // The rows, and people.
        case notScanned = "NotScanned"
        case asApplied = "AsApplied"
        case drifted = "Drifted"
        case contested = "Contested"
        case suspended = "Suspended"
        case notSuspended = "NotSuspended"
    }
}
