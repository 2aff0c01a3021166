internal import Crypto
internal import Spec

/// A document of JSON lines whose last one tells the number and the digest of all before it: a part of it, or one that was
/// altered, is never taken for the whole.
///
/// The first line says what it is: `type`, `format`, and the `engine` that wrote it.
struct SealedText {
    /// What `type` says.
    let name: String
    /// Raised when a member changes its meaning; new members may appear. Written is the highest.
    let formats: ClosedRange<Int64>

    /// The members with which the first line begins.
    var head: [(String, JSONTree)] {
        [("format", .int(formats.upperBound)), ("type", .string(name)), ("engine", .string(CharterVersion.current))]
    }

    static func seal(_ lines: [String]) -> String {
        let body = lines.map { $0 + "\n" }.joined()
        let end = JSONTree.object([
            ("end", .object([("lines", .int(Int64(lines.count))), ("sha256", .string(SHA256.digest(body).hex))]))
        ])
        return body + end.text + "\n"
    }

    /// The lines without the last, and what the first one says.
    func open(_ text: String) throws(DocumentProblem) -> (head: DocumentObject, format: Int64, rest: ArraySlice<Substring>) {
        let torn = DocumentProblem("it is truncated: its last line is no end mark")
        guard text.hasSuffix("\n") else { throw torn }
        let whole = text.dropLast()
        let start = whole.utf8.lastIndex(of: UInt8(ascii: "\n")).map { text.utf8.index(after: $0) } ?? text.startIndex
        guard let last = try? DocumentObject(whole[start...], line: 0), let end = try? last.object("end") else { throw torn }
        let body = text[..<start]
        guard SHA256.digest(String(body)).hex == (try end.string("sha256")) else {
            throw DocumentProblem("it was altered: its digest is not the one that its end mark names")
        }
        var lines = body.split(separator: "\n")[...]
        guard let first = lines.popFirst() else { throw DocumentProblem("it is empty") }
        let head = try DocumentObject(first, line: 1)
        return (head, try format(head), lines)
    }

    private func format(_ head: DocumentObject) throws(DocumentProblem) -> Int64 {
        guard (try? head.string("type")) == name else { throw DocumentProblem("line 1: it is no \(name)") }
        let format = try head.integer("format")
        guard formats.contains(format) else {
            let engine = (try? head.string("engine")).map { ", of charter \($0.printable)," } ?? ""
            let known = formats.count == 1 ? "\(formats.upperBound)" : "\(formats.lowerBound) to \(formats.upperBound)"
            throw DocumentProblem(
                "line 1: it has format \(format)\(engine) and this charter \(CharterVersion.current) reads format \(known)")
        }
        return format
    }
}

/// Why a text is not the document that was asked for.
package struct DocumentProblem: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
}
