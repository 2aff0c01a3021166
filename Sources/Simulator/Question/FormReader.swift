internal import HTTP

/// Reads the fields of a form that the simulated provider honours.
struct FormReader {
    private let scan: MultipartScan

    init(_ bytes: UnsafeRawBufferPointer, _ headers: Headers) throws(APIFault) {
        guard let boundary = MultipartBoundary(headers) else { throw .invalid("The body must be multipart/form-data.") }
        do { scan = try MultipartScan(bytes, boundary) } catch { throw .invalid("The form cannot be read: \(error).") }
    }

    func text(_ name: String) throws(APIFault) -> String? {
        guard let part = try only(name) else { return nil }
        return String(decoding: scan.bytes[part.content], as: UTF8.self)
    }

    func required(_ name: String) throws(APIFault) -> String {
        guard let text = try text(name) else {
            throw .invalid("Missing required parameter: '\(name)'.", param: name, code: "missing_required_parameter")
        }
        return text
    }

    func requiredFile(_ name: String) throws(APIFault) -> UnsafeRawBufferPointer {
        guard let part = try only(name), part.isFile else {
            throw .invalid("Missing required parameter: '\(name)'.", param: name, code: "missing_required_parameter")
        }
        return UnsafeRawBufferPointer(rebasing: scan.bytes[part.content])
    }

    func files(_ names: Set<String>) -> Int { scan.parts.reduce(0) { $0 + ($1.isFile && names.contains($1.name) ? 1 : 0) } }

    private func only(_ name: String) throws(APIFault) -> MultipartPart? {
        do { return try scan.only(name) } catch { throw .invalid("'\(name)' is there twice.", param: name) }
    }
}
