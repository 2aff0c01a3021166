internal import Spec
internal import FoundationEssentials

/// One error of a rejected commit, as the unit's row keeps it.
struct RecordedDiagnostic: Decodable {
    var code: String
    var message: String
    var path: String?
    var line: Int?
    var column: Int?
    var hint: String?

    /// `path:line:column: message [code]`, and the hint.
    var text: String {
        let place = path.map { "\($0):\(line ?? 1):\(column ?? 1): " } ?? ""
        return "\(place)\(message) [\(code)]" + (hint.map { " (\($0))" } ?? "")
    }

    var isStuck: Bool { code == Self.stuckCode }

    private static let stuckCode = "stuck"

    /// What keeps a commit from being looked at, and is no mistake of its own.
    static func stuck(_ message: String) -> JSONTree {
        .array([.object([("code", .string(stuckCode)), ("severity", .string("error")), ("message", .string(message))])])
    }

    /// What cannot be read, as a row edited by hand, is shown as it stands.
    static func list(_ json: String) -> [RecordedDiagnostic] {
        let decoded = try? JSONDecoder().decode([RecordedDiagnostic].self, from: Data(json.utf8))
        return decoded ?? [RecordedDiagnostic(code: "unreadable", message: json)]
    }
}
