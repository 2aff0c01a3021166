/// What GitHub Actions takes from a job's log (`actions/toolkit`, `command.ts`).
package enum WorkflowCommand {
    /// Annotations of each level that GitHub keeps of one step; it drops the rest without a word.
    package static let annotationsMax = 10

    /// `::name key=value,…::message`, escaped.
    package static func line(_ name: String, _ properties: [(String, String)], _ message: String) -> String {
        let list = properties.map { "\($0.0)=\(escaped($0.1, propertyEscapes))" }.joined(separator: ",")
        return "::\(name)\(list.isEmpty ? "" : " " + list)::\(escaped(message, dataEscapes))"
    }

    /// The text between lines that keep the runner from obeying what it quotes of strangers: no quoted text can know the
    /// token that ends it.
    package static func muted(_ text: String) -> [String] {
        let token = Fingerprint([text]).hex
        return ["::stop-commands::\(token)", text, "::\(token)::"]
    }

    private static let dataEscapes: [Unicode.Scalar: String] = ["%": "%25", "\r": "%0D", "\n": "%0A"]
    private static let propertyEscapes = dataEscapes.merging([":": "%3A", ",": "%2C"]) { $1 }

    private static func escaped(_ text: String, _ escapes: [Unicode.Scalar: String]) -> String {
        text.unicodeScalars.map { escapes[$0] ?? String($0) }.joined()
    }
}
