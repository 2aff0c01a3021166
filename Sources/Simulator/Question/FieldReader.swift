internal import HTTP

/// Reads the members of a request body that the simulated provider honours, and refuses what has the wrong type.
struct FieldReader {
    let scan: JSONScan

    init(_ bytes: UnsafeRawBufferPointer) throws(APIFault) {
        do {
            scan = try JSONScan(bytes)
        } catch {
            throw .invalid("The body is not valid JSON: \(error).")
        }
        if scan.root.kind != .object { throw .invalid("The body must be a JSON object.") }
    }

    func required(_ name: String) throws(APIFault) -> JSONValue {
        guard let value = present(name) else {
            throw .invalid("Missing required parameter: '\(name)'.", param: name, code: "missing_required_parameter")
        }
        return value
    }

    func requiredString(_ name: String) throws(APIFault) -> String {
        guard let text = try required(name).string() else { throw wrongType(name, "a string") }
        return text
    }

    func integer(_ name: String, in range: ClosedRange<Int>) throws(APIFault) -> Int? {
        guard let value = present(name) else { return nil }
        guard let number = value.int().map(Int.init) else { throw wrongType(name, "an integer") }
        guard range.contains(number) else {
            throw .invalid("'\(name)' must be between \(range.lowerBound) and \(range.upperBound).", param: name)
        }
        return number
    }

    func bool(_ name: String) throws(APIFault) -> Bool {
        guard let value = present(name) else { return false }
        guard let result = value.bool() else { throw wrongType(name, "a boolean") }
        return result
    }

    /// Null counts as absent, as OpenAI has it.
    func present(_ name: String) -> JSONValue? { scan[name].flatMap { $0.isNull ? nil : $0 } }

    func wrongType(_ name: String, _ expected: String) -> APIFault {
        .invalid("Invalid type for '\(name)': expected \(expected).", param: name, code: "invalid_type")
    }
}
