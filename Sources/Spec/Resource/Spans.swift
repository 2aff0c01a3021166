/// Where each field of a resource stands, by JSON pointer; `/spec/budget/hard` is the place of that field's value.
package struct Spans: Hashable, Sendable {
    /// A field that has a place; `path` is nil where that is in the resource's own file.
    package typealias Field = (pointer: String, position: Position, path: String?)

    private struct Element: Hashable, Sendable {
        var position: Position
        /// Index into `paths`.
        var file: Int32
    }

    /// The files: the resource's own, then those whose defaults it has.
    private(set) var paths: [String]
    private let pointers: FieldPointers
    /// By the pointers' index.
    private var elements: [Element] = []

    /// `path` is the resource's own file; of two fields with one pointer the last counts.
    package init(path: String, _ fields: [Field] = []) {
        paths = [path]
        let (pointers, order) = FieldPointers.sorted(fields.map(\.pointer))
        self.pointers = pointers
        elements = order.map { Element(position: fields[$0].position, file: index(of: fields[$0].path)) }
    }

    /// `places[order[i]]` is the place of the pointer at `i`.
    init(
        path: String, _ pointers: FieldPointers, _ order: [Int],
        _ place: (Int) -> (position: Position, path: String?)
    ) {
        paths = [path]
        self.pointers = pointers
        elements.reserveCapacity(order.count)
        for field in order {
            let (position, path) = place(field)
            elements.append(Element(position: position, file: index(of: path)))
        }
    }

    /// Of what has no file, such as a resource read from the database.
    package static let none = Spans(path: "")

    package var isEmpty: Bool { elements.isEmpty }
    package var count: Int { elements.count }
    /// The resource's own file.
    package var path: String { paths[0] }
    /// Files whose defaults it has.
    package var inheritedPaths: [String] { Array(paths.dropFirst()) }

    package subscript(pointer: String) -> Place? { pointers.index(of: pointer).map { place(elements[$0]) } }

    /// The place of the field, or of the nearest one around it.
    package func nearest(_ pointer: String) -> Place? {
        var wanted = pointer
        while true {
            if let index = pointers.index(of: wanted) { return place(elements[index]) }
            guard let slash = wanted.utf8.lastIndex(of: UInt8(ascii: "/")) else { return nil }
            wanted = String(wanted[..<slash])
        }
    }

    /// Every field, in the order of the pointers' bytes; `path` is nil where it is the resource's own file.
    package func forEach(_ visit: (_ pointer: String, _ position: Position, _ path: String?) -> Void) {
        for (pointer, element) in zip(pointers.sorted, elements) {
            visit(pointer, element.position, element.file == 0 ? nil : paths[Int(element.file)])
        }
    }

    /// Which fields there are, without their places.
    package var form: Form { Form(pointers: pointers) }

    /// Where the field at `index` of the form stands; `path` is nil where it is the resource's own file.
    package subscript(index: Int) -> (position: Position, path: String?) {
        let element = elements[index]
        return (element.position, element.file == 0 ? nil : paths[Int(element.file)])
    }

    private func place(_ element: Element) -> Place {
        Place(path: paths[Int(element.file)], position: element.position)
    }

    private mutating func index(of path: String?) -> Int32 {
        guard let path else { return 0 }
        if let known = paths.firstIndex(of: path) { return Int32(known) }
        paths.append(path)
        return Int32(paths.count - 1)
    }
}

extension Spans {
    /// The fields that a resource gives; those of resources written alike are equal, told by one comparison of addresses.
    package struct Form: Hashable, Sendable {
        fileprivate let pointers: FieldPointers

        /// In the order of their bytes.
        package var sorted: [String] { pointers.sorted }

        package static func == (a: Form, b: Form) -> Bool { a.pointers === b.pointers }
        package func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(pointers)) }
    }
}

/// The pointers to a resource's fields, in the order of their bytes; resources written alike share one.
final class FieldPointers: Hashable, Sendable {
    let sorted: [String]

    private init(_ sorted: [String]) { self.sorted = sorted }

    /// The pointers in order, each once, and the index that each had before; of equal ones the last.
    static func sorted(_ pointers: [String]) -> (FieldPointers, order: [Int]) {
        var order: [Int] = []
        order.reserveCapacity(pointers.count)
        let all = pointers.indices.sorted { a, b in
            pointers[a].precedesInBytes(pointers[b]) || a < b && !pointers[b].precedesInBytes(pointers[a])
        }
        for index in all {
            if let last = order.last, !pointers[last].precedesInBytes(pointers[index]) { order.removeLast() }
            order.append(index)
        }
        return (FieldPointers(order.map { pointers[$0] }), order)
    }

    func index(of pointer: String) -> Int? {
        var low = 0
        var high = sorted.count
        while low < high {
            let middle = (low + high) / 2
            if sorted[middle].precedesInBytes(pointer) { low = middle + 1 } else { high = middle }
        }
        return low < sorted.count && sorted[low].utf8.elementsEqual(pointer.utf8) ? low : nil
    }

    static func == (a: FieldPointers, b: FieldPointers) -> Bool { a === b || a.sorted == b.sorted }
    func hash(into hasher: inout Hasher) { hasher.combine(sorted) }
}
