/// The anchors of one document: what an alias of each name stands for.
struct Anchors {
    enum Meaning {
        case unknown
        /// The alias stands inside of what it names.
        case open(Extent)
        case known(Anchored)
    }

    struct Anchored {
        var node: Node
        /// Keys and values in it, itself included.
        var nodes: Int
        /// Lists and mappings nested in it, itself included.
        var depth: Int
    }

    private var meanings: [String: Meaning] = [:]

    subscript(_ name: String) -> Meaning { meanings[name] ?? .unknown }

    var names: [String] { meanings.keys.sorted() }

    /// A list or mapping with the anchor begins.
    mutating func begin(_ name: String, at extent: Extent) { meanings[name] = .open(extent) }

    /// A later anchor of the same name takes the place of an earlier one (YAML 1.2.2, section 7.1).
    mutating func define(_ name: String, _ node: Node, nodes: Int, depth: Int) {
        meanings[name] = .known(Anchored(node: node, nodes: nodes, depth: depth))
    }

    mutating func reset() { meanings = [:] }
}

/// The alias by which a value came to stand where it is read.
package final class Alias: Sendable {
    package let name: String
    /// Where the alias stands.
    package let extent: Extent
    /// Where the text stands that it repeats.
    package let anchored: Extent

    init(name: String, extent: Extent, anchored: Extent) {
        self.name = name
        self.extent = extent
        self.anchored = anchored
    }

    /// The same alias as one of another file.
    func from(_ source: Int32) -> Alias {
        var here = extent
        var there = anchored
        here.source = source
        there.source = source
        return Alias(name: name, extent: here, anchored: there)
    }
}
