internal import Spec

/// What a JSON value of the admin API looks like; a value, written as JSON Schema into the OpenAPI document.
package indirect enum AdminShape: Hashable, Sendable {
    case string, integer, boolean, moment
    /// A string that is not empty.
    case text(bytesMax: Int)
    /// A number, whole or not.
    case decimal
    /// A name, or a number that stands for one.
    case identifier
    /// Any JSON.
    case any
    /// A whole number within bounds.
    case number(ClosedRange<Int>)
    /// A declaration, as the kind's own reference page says.
    case declaration
    case choice([String])
    case array(AdminShape)
    case optional(AdminShape)
    /// Members that are always there, and no others.
    case members([Member])

    package struct Member: Hashable, Sendable {
        let name: String
        let shape: AdminShape
    }

    static func object(_ members: KeyValuePairs<String, AdminShape>) -> AdminShape {
        .members(members.map { Member(name: $0.key, shape: $0.value) })
    }

    /// The same of members that are made elsewhere.
    static func object(of members: [(String, AdminShape)]) -> AdminShape {
        .members(members.map { Member(name: $0.0, shape: $0.1) })
    }

    /// A page of a list.
    static func page(_ item: AdminShape) -> AdminShape { .object(["items": .array(item), "next": .optional(.string)]) }

    /// JSON Schema, in the dialect of OpenAPI 3.1.
    var schema: JSONTree {
        switch self {
        case .string: .object([("type", .string("string"))])
        case .text(let bytesMax):
            .object([("type", .string("string")), ("minLength", .int(1)), ("maxLength", .int(Int64(bytesMax)))])
        case .integer: .object([("type", .string("integer")), ("format", .string("int64"))])
        case .decimal: .object([("type", .string("number"))])
        case .identifier: .object([("type", .array([.string("string"), .string("integer")]))])
        case .number(let bounds):
            .object([
                ("type", .string("integer")), ("minimum", .int(Int64(bounds.lowerBound))), ("maximum", .int(Int64(bounds.upperBound))),
            ])
        case .boolean: .object([("type", .string("boolean"))])
        case .any: .object([])
        case .moment: .object([("type", .string("string")), ("format", .string("date-time"))])
        case .declaration: .object([("type", .string("object"))])
        case .choice(let words): .object([("type", .string("string")), ("enum", .array(words.map(JSONTree.string)))])
        case .array(let item): .object([("type", .string("array")), ("items", item.schema)])
        case .optional(let shape): .object([("anyOf", .array([shape.schema, .object([("type", .string("null"))])]))])
        case .members(let members):
            .object([
                ("type", .string("object")), ("properties", .object(members.map { ($0.name, $0.shape.schema) })),
                ("required", .array(members.map { .string($0.name) })), ("additionalProperties", .bool(false)),
            ])
        }
    }
}
