internal import CLibPQ

/// A connection string, checked by libpq's own parser; its description never holds the password.
package struct DatabaseURL: Sendable, CustomStringConvertible {
    package let text: String
    private let parts: [String: String]

    /// Accepts `postgresql://…` and `key=value …`. The refusal does not quote the text, since it may hold a password.
    package init(_ text: String) throws(DatabaseError) {
        guard !text.utf8.contains(0), let options = PQconninfoParse(text, nil) else {
            throw DatabaseError(.connectionFailure, "the database URL is not one that libpq can read")
        }
        defer { PQconninfoFree(options) }
        var parts: [String: String] = [:]
        var option = options
        while let keyword = option.pointee.keyword {
            if let value = option.pointee.val { parts[String(cString: keyword)] = String(cString: value) }
            option += 1
        }
        self.text = text
        self.parts = parts
    }

    package var host: String? { parts["host"] ?? parts["hostaddr"] }
    package var port: String? { parts["port"] }
    package var database: String? { parts["dbname"] }
    package var user: String? { parts["user"] }

    /// `charter@/run/postgresql:5432/main`, with what is not given left out.
    package var description: String {
        let address = (host ?? "local socket") + (port.map { ":" + $0 } ?? "")
        return (user.map { $0 + "@" } ?? "") + address + (database.map { "/" + $0 } ?? "")
    }

    /// The same server and user with another database.
    package func withDatabase(_ name: String) -> String {
        parts.merging(["dbname": name]) { _, replacement in replacement }
            .sorted { $0.key < $1.key }
            .map { "\($0.key)='\(Self.escaped($0.value))'" }
            .joined(separator: " ")
    }

    private static func escaped(_ value: String) -> String {
        value.reduce(into: "") { text, character in
            if character == "'" || character == "\\" { text += "\\" }
            text.append(character)
        }
    }
}
