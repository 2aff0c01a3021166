/// What is known of who signed a commit.
package enum SignatureVerdict: Hashable, Sendable {
    /// By declared signers, usually one; several when a key is declared under several names.
    case good(signers: [String], fingerprint: String)
    case unsigned
    /// Whole, but with a key that is none of the signers'.
    case untrusted(fingerprint: String)
    /// It does not prove anything: broken, over another text, by an expired key. The reason ends a sentence about the signature.
    case bad(String)
    /// Nothing is known, since what would be needed to check is not here. The reason is a clause.
    case unchecked(String)

    package var signers: [String] {
        if case .good(let signers, _) = self { signers } else { [] }
    }

    package var fingerprint: String? {
        switch self {
        case .good(_, let fingerprint), .untrusted(let fingerprint): fingerprint
        case .unsigned, .bad, .unchecked: nil
        }
    }

    package var isGood: Bool { !signers.isEmpty }

    /// Permanent, for machines.
    package var name: String {
        switch self {
        case .good: "good"
        case .unsigned: "unsigned"
        case .untrusted: "untrusted"
        case .bad: "bad"
        case .unchecked: "unchecked"
        }
    }
}

extension SignatureVerdict: CustomStringConvertible {
    /// The predicate of a sentence about the commit.
    package var description: String {
        switch self {
        case .good(let signers, let fingerprint): "is signed by \(signers.joined(separator: " and ")) (\(fingerprint))"
        case .unsigned: "is not signed"
        case .untrusted(let fingerprint): "is signed with the key \(fingerprint), which is none of the signers'"
        case .bad(let reason): "has a signature that is not good: \(reason)"
        case .unchecked(let reason): "has a signature that is not checked: \(reason)"
        }
    }
}
