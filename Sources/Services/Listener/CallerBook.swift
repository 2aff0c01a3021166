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

    /// More than are in use at once; beyond, those of whoever has most are learned anew: one who shows ever new tokens sends nobody else back
    /// among the strangers.
    private static let countMax = 4096

    func party(of credential: SHA256Digest) -> CallParty? { parties[credential] }

    /// Learns who was known by a credential, nobody where it was not good.
    mutating func note(_ credential: SHA256Digest, _ caller: Caller?) {
        guard let caller else {
            parties[credential] = nil
            return
        }
        if parties.count >= Self.countMax, let largest {
            for (known, party) in parties where party == largest { parties[known] = nil }
        }
        parties[credential] = caller.org.map { .organization($0) } ?? .platform
    }

    private var largest: CallParty? {
        parties.values.reduce(into: [CallParty: Int]()) { $0[$1, default: 0] += 1 }.max { $0.value < $1.value }?.key
    }
}
