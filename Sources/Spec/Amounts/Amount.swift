/// A quantity that is written as text of the one grammar for amounts, exact to its last digit.
protocol Amount: Hashable, Sendable {
    /// With its article: "a limit".
    static var noun: String { get }
    static var example: String { get }
    /// An ECMA-262 regular expression for the whole text, without anchors; nil where none was written.
    static var pattern: String? { get }
    /// Whether a mistaken text may be a secret, which messages must not repeat.
    static var isSecret: Bool { get }
    static func parse(_ text: String) throws(AmountProblem) -> Self
    /// The one way in which equal amounts are written.
    var text: String { get }
}

extension Amount {
    static var isSecret: Bool { false }
    static var pattern: String? { nil }
}

/// Why a text is no amount.
package struct AmountProblem: Error, Equatable {
    package var message: String
    package var hint: String?

    init(_ message: String, hint: String? = nil) {
        self.message = message
        self.hint = hint
    }
}
