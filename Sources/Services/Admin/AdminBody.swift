internal import HTTP
internal import Spec

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

    /// Throws all that is wrong, each with its place.
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
        var (values, mistakes): ([String: Value], [Problem.Mistake]) = ([:], [])
        for member in scan.members {
            guard let field = fields.first(where: { member.isNamed($0.name) }) else {
                mistakes.append(unknown(member.name, fields))
                continue
            }
            if let value = value(member.value, field.shape) {
                values[field.name] = value
            } else {
                mistakes.append(Problem.Mistake("/" + field.name, "is to be \(field.shape.inWords)"))
            }
        }
        for field in fields where field.isRequired && !scan.members.contains(where: { $0.isNamed(field.name) }) {
            mistakes.append(Problem.Mistake("/" + field.name, "is missing"))
        }
        guard mistakes.isEmpty else { throw Problem(mistakes) }
        return values
    }

    private static func unknown(_ name: String, _ fields: [AdminRoute.BodyField]) -> Problem.Mistake {
        let known = fields.isEmpty ? "takes none" : "knows \(fields.map(\.name).joined(separator: ", "))"
        return Problem.Mistake("/" + JSONPointer.escaped(name.shortened(to: nameMax)), "unknown field; this call \(known)")
    }

    private static let nameMax = 100

    private static func value(_ value: JSONValue, _ shape: AdminShape) -> Value? {
        switch shape {
        case .integer: value.int().map { .integer($0) }
        case .number(let bounds): value.int().flatMap { bounds.contains(Int($0)) ? .integer($0) : nil }
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

extension AdminShape {
    /// What a field of the body must be.
    fileprivate var inWords: String {
        switch self {
        case .integer: "a whole number of 64 bits"
        case .number(let bounds): "a whole number from \(bounds.lowerBound) to \(bounds.upperBound)"
        case .boolean: "true or false"
        case .array: "a list of texts that are not empty"
        default: "a text that is not empty"
        }
    }
}
