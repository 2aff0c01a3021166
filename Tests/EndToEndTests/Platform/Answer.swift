import Foundation
import TestKit

/// What the gateway answered to one call.
struct Answer: CustomStringConvertible {
    let status: Int
    /// Names in lower case.
    let headers: [String: String]
    let body: String

    var revision: Int64? { headers["x-charter-revision"].flatMap { Int64($0) } }
    var description: String { "\(status) \(headers)\n\(body)" }

    /// A member of the JSON body, by its path.
    func json(_ path: String...) -> Any? {
        var value = try? JSONSerialization.jsonObject(with: Data(body.utf8))
        for name in path { value = (value as? [String: Any])?[name] }
        return value
    }

    /// `curl -i` prints the head, an empty line and the body.
    init?(curl text: String) {
        guard let gap = text.range(of: "\r\n\r\n") else { return nil }
        let lines = text[..<gap.lowerBound].components(separatedBy: "\r\n")
        guard let status = lines.first?.split(separator: " ").dropFirst().first.flatMap({ Int($0) }) else { return nil }
        self.status = status
        headers = Dictionary(
            lines.dropFirst().compactMap { line in
                line.firstIndex(of: ":").map {
                    (line[..<$0].lowercased(), line[line.index(after: $0)...].trimmingCharacters(in: .whitespaces))
                }
            }, uniquingKeysWith: { first, _ in first })
        body = String(text[gap.upperBound...])
    }
}
