/// A JSON text checked whole against RFC 8259, with an index of its top-level members.
///
/// One pass refuses what two parsers could read differently: malformed UTF-8, lone surrogates, a byte order mark, bytes
/// after the value, two top-level members of one name (compared unescaped). Nested values stay text until asked for.
/// It points into the bytes it was made from and must not outlive them.
package struct JSONScan {
    /// One bit per open container is kept in a 128-bit word; no request schema of any provider nests half as deep.
    package static let depthMax = 128

    package let bytes: UnsafeRawBufferPointer
    package let root: JSONValue
    /// The members of the root object in the order of the text; empty when the root is no object.
    package let members: [JSONMember]

    package init(_ bytes: UnsafeRawBufferPointer) throws(JSONError) {
        var scanner = try JSONScanner(bytes)
        root = try scanner.scanDocument()
        members = scanner.members
        self.bytes = bytes
        try members.refuseDuplicates()
    }

    /// The top-level member's value, found by its unescaped name.
    package subscript(_ name: String) -> JSONValue? { member(name)?.value }

    package func member(_ name: String) -> JSONMember? {
        for member in members where member.isNamed(name) { return member }
        return nil
    }
}

extension [JSONMember] {
    /// Up to this many plain names are compared pairwise, which is quicker than hashing; more would be quadratic.
    private static let pairwiseMax = 32

    fileprivate func refuseDuplicates() throws(JSONError) {
        guard count <= Self.pairwiseMax, allSatisfy({ $0.hasPlainName }) else { return try refuseHashedDuplicates() }
        for later in indices.dropFirst() {
            for earlier in 0..<later where self[earlier].hasSameText(as: self[later]) {
                throw JSONError(.duplicateName, at: self[later].nameRange.lowerBound)
            }
        }
    }

    private func refuseHashedDuplicates() throws(JSONError) {
        var seen: Set<[UInt8]> = []
        for member in self where !seen.insert(member.nameBytes).inserted {
            throw JSONError(.duplicateName, at: member.nameRange.lowerBound)
        }
    }
}
