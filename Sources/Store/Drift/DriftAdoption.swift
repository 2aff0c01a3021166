internal import Crypto
package import Spec

/// What makes Git say what the database says of one resource; a value.
package struct DriftAdoption: Hashable, Sendable {
    package let step: ChangePatch.Step
    let key: ResourceKey
    /// SHA-256 of the canonical text that was applied; nil where nothing was.
    let expected: String?

    /// Why what was found cannot be declared by a commit.
    package struct Refused: Error, Hashable, Sendable {
        /// A clause.
        package var reason: String

        package init(_ reason: String) { self.reason = reason }
    }

    /// Of findings of one resource, with its row as applied and as found; of several fields those alone that are given.
    package init(_ findings: [DriftFinding], applied: PastResource?, found: StoredResource?) throws(Refused) {
        guard let first = findings.first else { throw Refused("there is nothing to declare") }
        if let finding = findings.first(where: { !$0.isAdoptable }) {
            throw Refused("\(finding.label.isEmpty ? "what it holds" : finding.label.printable) is nothing that a file declares")
        }
        expected = applied.map { ChangePatch.seen($0.canonical) }
        switch (first.aspect, applied, found) {
        case (.missing, let applied?, nil): (key, step) = (applied.key, .remove(applied.key))
        case (.unexpected, nil, let found?) where first.row == Self.digest(of: found):
            (key, step) = (found.key, .declare(found.key, canonical: found.canonical))
        case (.changed, let applied?, let found?) where found.key == applied.key:
            let fields = CanonicalFields(of: found.canonical)
            // A hand may have written once more since somebody looked, or saw that it may be declared.
            guard findings.allSatisfy({ fields.says($0) ?? ($0.row == Self.digest(of: found)) }) else {
                throw Refused("it is not as the last scan found it")
            }
            (key, step) = (applied.key, .declare(applied.key, canonical: try Self.text(findings.map(\.pointer), applied, fields)))
        default: throw Refused("it is not as the last scan found it")
        }
    }

    /// As a scan keeps it.
    private static func digest(of row: StoredResource) -> String { StateDigest.row(row.key, row.canonical).hex }

    /// What was applied with these fields as they were found.
    private static func text(_ pointers: [String], _ applied: PastResource, _ found: CanonicalFields) throws(Refused) -> String {
        let text = CanonicalFields(of: applied.canonical).taking(pointers, from: found).text
        guard let text else { throw Refused("the row holds no text that Charter wrote") }
        guard text != applied.canonical else { throw Refused("it is not as the last scan found it") }
        return text
    }
}

extension DriftFinding {
    /// Whether a commit can declare it: a row's name, unit and digest, a text that cannot be read, and what Charter keeps beside the row, are
    /// not declared by fields.
    package var isAdoptable: Bool { aspect.isOfRow && (aspect != .changed || Self.isInText(pointer)) }

    /// Whether a field of a changed row is one of its canonical text.
    package static func isInText(_ pointer: String) -> Bool { !columns.contains(pointer) }

    private static let columns: Set<String> = ["", "/metadata/name", "/unit", "/digest"]
}

extension CanonicalFields {
    /// The same with what stands at these pointers, or around them where it is a list, as `other` has it.
    package func taking(_ pointers: [String], from other: CanonicalFields) -> CanonicalFields {
        var mixed = self
        guard other.isExact else { return other }
        for field in Set(self.pointers + other.pointers) where pointers.contains(where: { Self.touches($0, field) }) {
            mixed.set(field, other[field])
        }
        return mixed
    }

    /// Whether the field still is as it was found. Nil where the field alone does not tell: of items of lists that have fields of their own, as
    /// their numbers are those in what was applied, and of their order.
    fileprivate func says(_ finding: DriftFinding) -> Bool? {
        let pointer = finding.pointer
        if let value = self[pointer] { return leaves[pointer] == nil ? nil : DriftFinding.cut(value) == finding.found }
        return pointers.contains { Self.touches(pointer, $0) } ? nil : finding.found == nil
    }

    private static func touches(_ pointer: String, _ field: String) -> Bool {
        pointer == field || pointer.hasPrefix(field + "/") || field.hasPrefix(pointer + "/")
    }
}
