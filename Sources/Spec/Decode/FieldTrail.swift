/// The fields of one document in the order they were read, each with the pointer to it and its extent.
///
/// The pointers lie one after the other in one buffer: a document has many, and most are asked for never.
struct FieldTrail {
    /// Bytes of a pointer that is kept, several times those of the longest names; the nearest field around stands for the rest.
    private static let pointerBytesMax = 512
    /// Ends a pointer in the buffer; no byte of UTF-8.
    private static let end: UInt8 = 0xFF

    private struct Field {
        /// Where its pointer begins in the buffer.
        var start: Int
        var extent: Extent
    }

    /// Every pointer with its end: equal for documents that are written alike.
    private(set) var pointers: [UInt8] = []
    private var fields: [Field] = []

    /// Makes room for what a usual document has.
    mutating func reserve() {
        fields.reserveCapacity(32)
        pointers.reserveCapacity(1024)
    }

    var count: Int { fields.count }

    subscript(_ index: Int) -> Extent { fields[index].extent }

    mutating func append(_ pointer: some Collection<UInt8>, _ extent: Extent) {
        guard pointer.count <= Self.pointerBytesMax else { return }
        fields.append(Field(start: pointers.count, extent: extent))
        pointers.append(contentsOf: pointer)
        pointers.append(Self.end)
    }

    func pointer(_ index: Int) -> ArraySlice<UInt8> {
        pointers[fields[index].start..<(index + 1 < count ? fields[index + 1].start : pointers.count) - 1]
    }

    /// Writes the fields from `mark` on again, as `change` says.
    private mutating func rewrite(from mark: Int, _ change: (_ old: FieldTrail, _ new: inout FieldTrail) -> Void) {
        guard mark < count else { return }
        var old = FieldTrail()
        old.fields = fields[mark...].map { Field(start: $0.start - fields[mark].start, extent: $0.extent) }
        old.pointers = Array(pointers[fields[mark].start...])
        pointers.removeSubrange(fields[mark].start...)
        fields.removeSubrange(mark...)
        change(old, &self)
    }

    /// Takes a step after `pointer` out of the pointers from `mark` on.
    mutating func lift(_ step: String, after pointer: [UInt8], since mark: Int) {
        let prefix = pointer + step.utf8
        rewrite(from: mark) { old, new in
            for index in 0..<old.count {
                let name = old.pointer(index)
                new.append(name.starts(with: prefix) ? pointer + name.dropFirst(prefix.count) : Array(name), old[index])
            }
        }
    }

    /// Gives items of the list at `pointer` new indexes.
    ///
    /// `marks[i]` is the count before item `i` was read, `order[k]` the old index of the item now at `k`.
    mutating func reorder(_ pointer: [UInt8], marks: [Int], order: [Int]) {
        guard let start = marks.first, !order.elementsEqual(marks.indices) else { return }
        rewrite(from: start) { old, new in
            for (now, before) in order.enumerated() {
                let prefix = pointer + "/\(now)".utf8
                let skipped = pointer.count + "/\(before)".utf8.count
                let end = before + 1 < marks.count ? marks[before + 1] - start : old.count
                for index in (marks[before] - start)..<end {
                    new.append(prefix + old.pointer(index).dropFirst(skipped), old[index])
                }
            }
        }
    }
}

/// Tables of pointers by the trails that they were made from, so that the documents of a file which are written alike share one.
final class SharedPointers {
    private struct Table {
        var trail: [UInt8]
        var pointers: FieldPointers
        /// The fields of the trail, in the order of the pointers.
        var order: [Int]
    }

    /// The last ones: a file has few sorts of documents, and a trail is compared with each.
    private var tables: [Table] = []
    private static let tablesMax = 8

    /// What the resource's key says already.
    private static let identity: Set<String> = ["/apiVersion", "/kind", "/metadata"]

    /// Pointers are those of the canonical form, where metadata's own fields stand at the top; `order` gives their fields.
    func pointers(of trail: FieldTrail) -> (pointers: FieldPointers, order: [Int]) {
        let known = tables.firstIndex { $0.trail == trail.pointers }
        let table = known.map { tables.remove(at: $0) } ?? Self.table(of: trail)
        tables.append(table)
        if tables.count > Self.tablesMax { tables.removeFirst() }
        return (table.pointers, table.order)
    }

    private static func table(of trail: FieldTrail) -> Table {
        var kept: [Int] = []
        var names: [String] = []
        for index in 0..<trail.count {
            let name = String(decoding: trail.pointer(index), as: UTF8.self)
            guard !identity.contains(name) else { continue }
            kept.append(index)
            let isOwn = name.utf8.starts(with: "/metadata/".utf8) && name != "/metadata/name"
            names.append(isOwn ? String(decoding: name.utf8.dropFirst("/metadata".utf8.count), as: UTF8.self) : name)
        }
        let (pointers, order) = FieldPointers.sorted(names)
        return Table(trail: trail.pointers, pointers: pointers, order: order.map { kept[$0] })
    }
}
