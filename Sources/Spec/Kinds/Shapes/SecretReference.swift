/// Where a secret is found; it never stands in the repository.
package enum SecretReference: Hashable, Sendable {
    case environment(String)
    case file(String)
}

extension SecretReference: FieldSet {
    init?(from fields: inout Fields) {
        let environment = fields.optional(
            "env",
            .text("the name of an environment variable", example: "HOOK_SECRET", pattern: "[^=]+") {
                !$0.isEmpty && !$0.utf8.contains(UInt8(ascii: "="))
            }, "the environment variable that holds it", .informs)
        let file = fields.optional(
            "file", .text("a path", example: "/run/secrets/hook", pattern: ".+") { !$0.isEmpty },
            "the file that holds it", .informs)
        guard fields.exactlyOne(of: ["env", "file"]) != nil else { return nil }
        if let environment {
            self = .environment(environment)
        } else if let file {
            self = .file(file)
        } else {
            return nil
        }
    }
}
