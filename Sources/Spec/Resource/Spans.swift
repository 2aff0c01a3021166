/// Where each field of a resource stands, by JSON pointer; `/spec/budget/hard` is the place of that field's value.
package struct Spans: Hashable, Sendable {
    private struct Element: Hashable, Sendable {
        var position: Position
        /// Index into `paths`.
        var file: Int32
    }

    /// The files: the resource's own, then those whose defaults it has.
    private(set) var paths: [String]
    private var elements: [String: Element] = [:]

    /// No fields yet; `path` is the resource's own file.
    package init(path: String) { paths = [path] }

    /// Of what has no file, such as a resource read from the database.
    package static let none = Spans(path: "")

    package var isEmpty: Bool { elements.isEmpty }
    package var count: Int { elements.count }
    /// The resource's own file.
    package var path: String { paths[0] }
    /// Files whose defaults it has.
    package var inheritedPaths: [String] { Array(paths.dropFirst()) }

    package mutating func reserveCapacity(_ count: Int) { elements.reserveCapacity(count) }

    /// `path` is the file, where it is not the resource's own.
    package mutating func set(_ pointer: String, _ position: Position, in path: String? = nil) {
        elements[pointer] = Element(position: position, file: path.map { index(of: $0) } ?? 0)
    }

    package subscript(pointer: String) -> Place? { elements[pointer].map(place) }

    /// The place of the field, or of the nearest one around it.
    package func nearest(_ pointer: String) -> Place? {
        var wanted = pointer[...]
        while true {
            if let element = elements[String(wanted)] { return place(element) }
            guard let slash = wanted.lastIndex(of: "/") else { return nil }
            wanted = wanted[..<slash]
        }
    }

    /// Every field, in no order; `path` is nil where it is the resource's own file.
    package func forEach(_ visit: (_ pointer: String, _ position: Position, _ path: String?) -> Void) {
        for (pointer, element) in elements {
            visit(pointer, element.position, element.file == 0 ? nil : paths[Int(element.file)])
        }
    }

    private func place(_ element: Element) -> Place {
        Place(path: paths[Int(element.file)], position: element.position)
    }

    private mutating func index(of path: String) -> Int32 {
        if let known = paths.firstIndex(of: path) { return Int32(known) }
        paths.append(path)
        return Int32(paths.count - 1)
    }
}
