/// Changes to one object's text that leave every other byte as it is.
///
/// Setting a name that occurs more than once, which only a nested object can have, leaves it once. A change inside a
/// member that is also removed has no effect.
package struct JSONPatch {
    private let text: UnsafeRawBufferPointer
    private let object: Range<Int>
    private let members: [JSONMember]
    private var replaced: [(range: Range<Int>, with: [UInt8])] = []
    private var inserted: [(name: String, value: [UInt8])] = []
    private var removed: Set<Int> = []
    /// Where the result begins in the text.
    private var leading = 0

    /// Patches the whole text, what stands around the root object included. Nil when the root is no object.
    package init?(_ scan: JSONScan) {
        guard scan.root.kind == .object else { return nil }
        text = scan.bytes
        object = scan.root.range
        members = scan.members
    }

    /// Patches a nested object alone; the result is that object's text.
    package init(_ nested: JSONObject) {
        let range = nested.value.range
        text = UnsafeRawBufferPointer(start: nested.value.base, count: range.upperBound)
        object = range
        members = Array(nested)
        leading = range.lowerBound
    }

    /// Replaces the member's value, or inserts the member as the last one. `json` must be valid JSON.
    package mutating func set(_ name: String, to json: [UInt8]) {
        inserted.removeAll { $0.name == name }
        let places = members.indices.filter { members[$0].isNamed(name) }
        guard let last = places.last else {
            inserted.append((name, json))
            return
        }
        removed.formUnion(places.dropLast())
        removed.remove(last)
        replace(members[last].value, with: json)
    }

    package mutating func set(_ name: String, to json: String) { set(name, to: Array(json.utf8)) }

    package mutating func remove(_ name: String) {
        inserted.removeAll { $0.name == name }
        removed.formUnion(members.indices.filter { members[$0].isNamed(name) })
    }

    /// Replaces any value inside the object, however deep; the latest replacement of a value counts.
    package mutating func replace(_ value: JSONValue, with json: [UInt8]) {
        replaced.removeAll { $0.range == value.range }
        replaced.append((value.range, json))
    }

    package var isEmpty: Bool { replaced.isEmpty && inserted.isEmpty && removed.isEmpty }

    /// The patched text.
    package func bytes() -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(text.count - leading + 64)
        var position = leading
        for edit in edits() where edit.range.lowerBound >= position {
            result.append(contentsOf: text[position..<edit.range.lowerBound])
            result.append(contentsOf: edit.with)
            position = edit.range.upperBound
        }
        result.append(contentsOf: text[position..<text.count])
        return result
    }

    /// All edits by place. An outer range comes before what it contains, and an insertion, being empty, behind a removal
    /// that ends at its place.
    private func edits() -> [(range: Range<Int>, with: [UInt8])] {
        var edits = replaced
        for index in removed { edits.append((removalRange(index), [])) }
        edits.sort {
            ($0.range.lowerBound, -$0.range.count) < ($1.range.lowerBound, -$1.range.count)
        }
        if let insertion {
            let index = edits.firstIndex { $0.range.lowerBound >= insertion.range.lowerBound } ?? edits.count
            edits.insert(insertion, at: index)
        }
        return edits
    }

    /// The member with the comma that goes with it: the one before it when a member stays before it, else the one behind.
    private func removalRange(_ index: Int) -> Range<Int> {
        let range = members[index].range
        if (0..<index).contains(where: { !removed.contains($0) }) {
            return members[index - 1].range.upperBound..<range.upperBound
        }
        let isLast = index == members.count - 1
        return range.lowerBound..<(isLast ? range.upperBound : members[index + 1].range.lowerBound)
    }

    private var insertion: (range: Range<Int>, with: [UInt8])? {
        if inserted.isEmpty { return nil }
        var writer = JSONWriter()
        var text: [UInt8] = removed.count < members.count ? [JSONByte.comma] : []
        for (name, value) in inserted {
            writer.name(name)
            writer.raw(value)
        }
        text.append(contentsOf: writer.bytes)
        let place = members.last?.range.upperBound ?? object.lowerBound + 1
        return (place..<place, text)
    }
}
