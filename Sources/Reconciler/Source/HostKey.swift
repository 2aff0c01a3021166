internal import Crypto

/// The key by which a host proves to be the one that is meant.
struct HostKey: Hashable {
    /// As it travels (RFC 4253 section 6.6).
    var blob: [UInt8]

    /// Such as `ssh-ed25519`: the key's first string.
    var algorithm: String {
        let length = blob.prefix(4).reduce(0) { $0 << 8 | Int($1) }
        return String(decoding: blob.dropFirst(4).prefix(min(length, 64)), as: UTF8.self)
    }

    /// As `ssh-keygen -l` prints it.
    var fingerprint: String { "SHA256:" + Base64Text.text(SHA256.digest(blob).bytes).prefix { $0 != "=" } }
}

/// The host keys that are trusted: pinned ones, and those of a `known_hosts` file.
struct HostKeyRules {
    var pins: [HostKeyPin]
    var known: KnownHosts?

    enum Verdict: Hashable {
        case trusted
        /// Others are pinned; these.
        case changed(known: [String])
        /// Keys of other kinds are known; these.
        case otherKind(known: [String])
        case revoked
        case unknown
    }

    func judge(_ key: HostKey, of host: String, port: UInt16?) -> Verdict {
        let lines = known?.lines(for: host, port: port) ?? []
        if lines.contains(where: { $0.isRevoked && $0.key == key }) { return .revoked }
        if pins.contains(where: { $0.fingerprint == key.fingerprint }) { return .trusted }
        let keys = lines.filter { !$0.isRevoked }.map(\.key)
        if keys.contains(key) { return .trusted }
        let ofKind = keys.filter { $0.algorithm == key.algorithm }
        if !ofKind.isEmpty || !pins.isEmpty { return .changed(known: pins.map(\.fingerprint) + ofKind.map(\.fingerprint)) }
        return keys.isEmpty ? .unknown : .otherKind(known: keys.map(\.algorithm))
    }
}

extension HostKeyRules.Verdict {
    /// Why nothing is sent to the host; nil where it is trusted.
    func refusal(of key: HostKey, host: String) -> String? {
        let shown = "\(key.algorithm) \(key.fingerprint)"
        switch self {
        case .trusted: return nil
        case .changed(let known):
            return "the host key of \(host) changed: it shows \(shown), and \(known.joined(separator: " or ")) is pinned; "
                + "either the host has a new key, which its operator can confirm, or somebody stands in between"
        case .otherKind(let known):
            return "the host key of \(host) is not known: it shows \(shown), and only its \(known.joined(separator: " and ")) is; "
                + "compare it with what its operator publishes, then pin it with --host-key \(key.fingerprint)"
        case .revoked: return "the host key of \(host) is revoked: it shows \(shown)"
        case .unknown:
            return "the host key of \(host) is not known: it shows \(shown); compare it with what its operator publishes, "
                + "then pin it with --host-key \(key.fingerprint)"
        }
    }
}
