internal import Crypto
internal import Policy

/// Whose calls share one turn.
enum CallParty: Hashable, Sendable {
    /// Whoever speaks for the platform over a network.
    case platform
    case organization(String)
    /// Whoever's credential was not good here yet, by the network.
    case stranger(ClientAddress?)
}

/// Whose each credential was when it was last good, so that its next call waits in its organization's line; a value. It says
/// nothing of rights.
struct CallerBook {
    private var parties: [SHA256Digest: CallParty] = [:]

    /// More than are in use at once; beyond, all are learned anew.
    private static let countMax = 4096

    func party(of credential: SHA256Digest) -> CallParty? { parties[credential] }

    /// Learns who was known by a credential, nobody where it was not good.
    mutating func note(_ credential: SHA256Digest, _ caller: Caller?) {
        guard let caller else {
            parties[credential] = nil
            return
        }
        if parties.count >= Self.countMax { parties = [:] }
        parties[credential] = caller.org.map { .organization($0) } ?? .platform
    }
}
