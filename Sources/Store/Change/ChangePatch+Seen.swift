internal import Crypto

extension ChangePatch {
    /// By what `expected` knows a canonical text again.
    package static func seen(_ canonical: String) -> String { SHA256.digest(canonical).hex }
}

extension StoredResource {
    /// By what a change that rests on it expects it.
    package var seen: String { ChangePatch.seen(canonical) }
}
