extension Resource {
    /// Reads a resource from its canonical text, as PostgreSQL holds it; it has no place and no spans.
    ///
    /// Throws every mistake at once. References are not followed.
    package static func decode(key: ResourceKey, canonical: String) throws(CanonicalTextProblem) -> Resource {
        let node: Node
        do throws(JSONProblem) { node = try JSONReader.parse(canonical) } catch {
            let message = "\(error.message), after \(error.offset) bytes"
            throw CanonicalTextProblem(key: key, diagnostics: [Diagnostic(.jsonSyntax, at: nil, message)])
        }
        return try decode(key: key, node)
    }

    static func decode(key: ResourceKey, _ node: Node) throws(CanonicalTextProblem) -> Resource {
        let reading = Reading(path: nil, document: node.extent)
        let envelope = Envelope(canonical: node, of: key, reading)
        let errors = reading.diagnostics.filter { $0.severity == .error }
        guard errors.isEmpty, let body = envelope.body else {
            throw CanonicalTextProblem(key: key, diagnostics: errors)
        }
        return Resource(
            key: key, metadata: envelope.metadata, body: body, canonical: envelope.text, place: nil,
            spans: .none, suspension: envelope.suspension)
    }
}

/// A stored resource that this program cannot read.
package struct CanonicalTextProblem: Error, CustomStringConvertible {
    package var key: ResourceKey
    package var diagnostics: [Diagnostic]

    package var description: String {
        "the stored \(key) cannot be read: "
            + diagnostics.map { "\($0.message) [\($0.code.rawValue)]" }.joined(separator: "; ")
    }
}
