internal import HTTP

/// What a collector is shown with every message, such as a token. Secrets: no description, log or error has them.
package struct CollectorHeaders: Sendable {
    private let fixed: [NamedText]
    private let file: String?

    /// Why they cannot be sent; never with what they hold.
    enum Fault: Error, CustomStringConvertible {
        case notAPair(Int)
        case notAField(Int)
        case unreadable(String)

        var description: String {
            switch self {
            case .notAPair(let place): "element \(place) is no name=value"
            case .notAField(let place): "element \(place) is no field that may be set"
            case .unreadable(let path): "the file \(path) cannot be read"
            }
        }
    }

    init() {
        fixed = []
        file = nil
    }

    /// `text` is a list such as `authorization=Bearer%20abc,x-tenant=a`; `file` holds another one, with lines or commas, and is
    /// read again for every message, so that a token can be changed.
    init(_ text: String, file: String?) throws(Fault) {
        fixed = try Self.parse(text)
        self.file = file
    }

    var areFixed: Bool { file == nil }

    /// All of them; reads the file, which may take long.
    var fields: Result<Headers, Fault> { Result { () throws(Fault) in try read() } }

    private func read() throws(Fault) -> Headers {
        var all = fixed
        if let file {
            guard let bytes = try? Disk.read(file, max: Self.bytesMax) else { throw .unreadable(file) }
            all += try Self.parse(String(decoding: bytes, as: UTF8.self))
        }
        var headers = Headers()
        for field in all { headers.add(named: field.name, field.value) }
        return headers
    }

    private static func parse(_ text: String) throws(Fault) -> [NamedText] {
        var found: [NamedText] = []
        for (index, element) in text.split(whereSeparator: { $0 == "," || $0.isNewline }).enumerated() {
            if element.allSatisfy(\.isWhitespace) { continue }
            guard var field = NamedText(element) else { throw .notAPair(index + 1) }
            field.name = field.name.lowercased()
            var probe = Headers()
            probe.add(named: field.name, field.value)
            let isText = !field.value.isEmpty && field.value.utf8.allSatisfy { (0x20...0x7E).contains($0) }
            guard isText, probe.count == 1, !ownFields.contains(field.name) else { throw .notAField(index + 1) }
            found.append(field)
        }
        return found
    }

    /// What the message itself decides.
    private static let ownFields: Set<String> = [
        "host", "connection", "content-length", "content-type", "content-encoding", "transfer-encoding", "trailer", "upgrade", "te", "expect",
    ]
    private static let bytesMax = 16 * 1024
}

/// An element of the lists that OpenTelemetry's variables hold: `name=value`, percent-encoded where need be (W3C Baggage).
struct NamedText: Hashable, Sendable {
    var name: String
    var value: String

    init?(_ element: Substring) {
        guard let separator = element.firstIndex(of: "=") else { return nil }
        let name = Self.trimmed(element[..<separator])
        let value = Self.trimmed(element[element.index(after: separator)...])
        guard !name.isEmpty, let decodedName = PercentEncoding.decode(name.utf8), let decodedValue = PercentEncoding.decode(value.utf8)
        else { return nil }
        self.name = decodedName
        self.value = decodedValue
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text.drop(while: \.isWhitespace)
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }
}
