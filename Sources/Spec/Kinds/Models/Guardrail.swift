/// Bounds on what requests and answers may hold.
package struct Guardrail: Hashable, Sendable {
    package var description: String?
    /// Whether everybody's requests pass it who may use it, and not only those that name it.
    package var isForAll: Bool
    package var reads: Side
    package var mode: Mode
    /// What becomes of a request that could not be looked at.
    package var onFailure: Failure
    /// What a refused client is told.
    package var message: String?
    package var size: SizeBounds
    package var words: Words
    package var patterns: [NamedPattern]
    package var detectors: [Detector: Action]
    /// Names of Webhooks.
    package var notify: [String]

    package enum Side: String, CaseIterable, Sendable { case both, input, output }

    package enum Mode: String, CaseIterable, Sendable {
        case enforce
        /// Says what it would do, and does nothing.
        case observe
    }

    package enum Failure: String, CaseIterable, Sendable { case block, allow }

    package enum Action: String, CaseIterable, Sendable {
        case block, redact
        /// Lets it pass and counts it.
        case flag
    }

    package struct SizeBounds: Hashable, Sendable {
        package var body: ByteCount?
        package var messages: Int?
        package var images: Int?
        package var image: ByteCount?
        package var tools: Int?
        package var input: Int64?
        package var output: Int64?
    }

    /// Whole words, letters of any case.
    package struct Words: Hashable, Sendable {
        package var deny: [String] = []
        /// What is never found, whatever else says.
        package var allow: [String] = []
        package var action: Action = .block
    }

    package struct NamedPattern: Hashable, Sendable {
        package var name: String
        package var pattern: TextPattern
        package var action: Action
        /// What takes the place of what is found.
        package var replacement: String?
        package var tests: [PatternTest]
    }

    /// What the author of a pattern expects of it.
    package struct PatternTest: Hashable, Sendable {
        package enum Expectation: String, CaseIterable, Sendable {
            case match
            case noMatch = "no match"
        }

        package var text: String
        package var expect: Expectation
    }

    /// What is found without a pattern.
    package enum Detector: String, CaseIterable, Sendable {
        case email, phone, iban, url
        case creditCard = "credit-card"
        case ipAddress = "ip-address"
        case secretKey = "secret-key"
        case privateKey = "private-key"
        case token = "access-token"
        case nationalID = "national-id"
        case dateOfBirth = "date-of-birth"
    }
}
