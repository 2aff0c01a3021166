import Foundation

/// An answer as it came over a socket.
struct WireAnswer {
    let status: Int
    let head: String
    /// By names in small letters; of a field that stands twice the first.
    let headers: [String: String]
    let text: String

    /// Throws where it has no whole head.
    init(_ raw: String) throws {
        let parts = raw.split(separator: "\r\n\r\n", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let status = parts[0].split(separator: " ").dropFirst().first.flatMap({ Int($0) }) else {
            throw StreamCall.Failure(call: "no answer: \(raw)")
        }
        let fields = parts[0].split(separator: "\r\n").dropFirst().map { line in
            line.split(separator: ":", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
        }
        self.status = status
        head = String(parts[0])
        headers = Dictionary(fields.filter { $0.count == 2 }.map { ($0[0].lowercased(), $0[1]) }) { first, _ in first }
        text = String(parts[1])
    }

    var json: [String: Any] { (try? JSONSerialization.jsonObject(with: Data(text.utf8))) as? [String: Any] ?? [:] }

    /// What a member holds, down a path such as `app.usage`.
    subscript(_ path: String) -> Any? {
        path.split(separator: ".").reduce(json as Any?) { ($0 as? [String: Any])?[String($1)] }
    }
}
