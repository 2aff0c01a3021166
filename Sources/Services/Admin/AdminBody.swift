internal import HTTP

/// The fields of a call's body, each of the kind that its route declares and no others: what a caller may not set cannot be set by
/// the way. A value.
struct AdminBody: Sendable {
    private enum Value: Sendable {
        case text(String)
        case integer(Int64)
        case flag(Bool)
        case texts([String])
    }

    private var values: [String: Value] = [:]

    /// Of a route that reads none.
    static let none = AdminBody()

    private init() {}

    /// Throws what is wrong with the first field that is.
    init(_ bytes: [UInt8], _ fields: [AdminRoute.BodyField]) throws(Problem) {
        let read = bytes.withUnsafeBytes { bytes in Result { () throws(Problem) in try Self.read(bytes, fields) } }
        values = try read.get()
    }

    func text(_ name: String) -> String? { if case .text(let text)? = values[name] { text } else { nil } }
    func integer(_ name: String) -> Int64? { if case .integer(let number)? = values[name] { number } else { nil } }
    func flag(_ name: String) -> Bool { if case .flag(true)? = values[name] { true } else { false } }
    func texts(_ name: String) -> [String]? { if case .texts(let texts)? = values[name] { texts } else { nil } }

    private static func read(_ bytes: UnsafeRawBufferPointer, _ fields: [AdminRoute.BodyField]) throws(Problem) -> [String: Value] {
        let scan: JSONScan
        do { scan = try JSONScan(bytes) } catch { throw Problem(.malformed, "the body is not JSON: \(error)") }
        guard scan.root.kind == .object else { throw Problem(.invalidBody, "the body is no object") }
        var values: [String: Value] = [:]
        for member in scan.members {
            guard let field = fields.first(where: { member.isNamed($0.name) }) else {
                throw Problem(.invalidBody, "the body has a field that this call does not know; it knows \(fields.map(\.name).joined(separator: ", "))")
            }
            guard let value = value(member.value, field.shape) else { throw Problem(.invalidBody, "\(field.name) is not of its type") }
            values[field.name] = value
        }
        if let missing = fields.first(where: { $0.isRequired && values[$0.name] == nil }) {
            throw Problem(.invalidBody, "\(missing.name) is missing")
        }
        return values
    }

    private static func value(_ value: JSONValue, _ shape: AdminShape) -> Value? {
        switch shape {
        case .integer, .number: value.int().map { .integer($0) }
        case .boolean: value.bool().map { .flag($0) }
        case .array(let shape): value.array().flatMap { items in
            var texts: [String] = []
            for item in items {
                guard let text = shape == .identifier ? identifier(item) : text(item) else { return nil }
                texts.append(text)
            }
            return .texts(texts)
        }
        default: text(value).map { .text($0) }
        }
    }

    private static func identifier(_ value: JSONValue) -> String? { value.int().map { String($0) } ?? text(value) }

    /// Without the zero that PostgreSQL's text cannot hold; not empty, as nothing that a call takes may be.
    private static func text(_ value: JSONValue) -> String? {
        value.string().flatMap { $0.isEmpty || $0.utf8.contains(0) ? nil : $0 }
    }
}
