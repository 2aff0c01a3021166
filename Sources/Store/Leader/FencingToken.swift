/// Proof of having been elected, which stops counting once somebody else was.
package struct FencingToken: Hashable, Sendable {
    package let name: String
    package let holder: String
    /// Grows with every change of hands.
    package let number: Int64
}

/// The lease ended or went to somebody else: nothing may be written under it any more.
package struct LeadershipLost: Error, Hashable, Sendable, CustomStringConvertible {
    package let name: String
    package let holder: String

    package var description: String { "\(holder) no longer leads \(name)" }
}
