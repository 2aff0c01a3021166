internal import Spec

/// A JSON object that is read member by member; every error names the line of the file.
struct DocumentObject {
    private let walk: JSONWalk
    private let members: [String: Range<Int>]
    /// In the order of the text.
    let names: [String]
    private let line: Int

    init(_ text: some StringProtocol, line: Int) throws(DocumentProblem) {
        let walk = JSONWalk(String(text))
        try self.init(walk, at: 0..<walk.bytes.count, line: line)
    }

    private init(_ walk: JSONWalk, at range: Range<Int>, line: Int) throws(DocumentProblem) {
        var inner = JSONWalk(walk.bytes, at: range)
        guard let found = try? inner.members(), inner.index == range.upperBound else {
            throw DocumentProblem("line \(line): it is no JSON object")
        }
        self.walk = walk
        self.line = line
        names = found.map { walk.unescaped($0.name) }
        members = Dictionary(zip(names, found.map(\.value))) { first, _ in first }
    }

    func string(_ name: String) throws(DocumentProblem) -> String {
        guard let value = try optionalString(name) else { throw wrong(name, "a text") }
        return value
    }

    func optionalString(_ name: String) throws(DocumentProblem) -> String? {
        guard let range = try value(name) else { return nil }
        guard walk.bytes[range.lowerBound] == UInt8(ascii: "\"") else { throw wrong(name, "a text") }
        return walk.string(at: range)
    }

    func integer(_ name: String) throws(DocumentProblem) -> Int64 {
        guard let number = try optionalInteger(name) else { throw wrong(name, "a number") }
        return number
    }

    func optionalInteger(_ name: String) throws(DocumentProblem) -> Int64? {
        guard let range = try value(name) else { return nil }
        guard let number = Int64(walk.text(range)) else { throw wrong(name, "a number") }
        return number
    }

    func object(_ name: String) throws(DocumentProblem) -> DocumentObject {
        guard let object = try optionalObject(name) else { throw wrong(name, "an object") }
        return object
    }

    func optionalObject(_ name: String) throws(DocumentProblem) -> DocumentObject? {
        guard let range = try value(name) else { return nil }
        return try DocumentObject(walk, at: range, line: line)
    }

    /// The elements of a list of objects.
    func objects(_ name: String) throws(DocumentProblem) -> [DocumentObject] {
        guard let range = try value(name) else { throw wrong(name, "a list") }
        var inner = JSONWalk(walk.bytes, at: range)
        guard let elements = try? inner.elements() else { throw wrong(name, "a list") }
        var objects: [DocumentObject] = []
        for element in elements { objects.append(try DocumentObject(walk, at: element, line: line)) }
        return objects
    }

    /// The elements of a list of scalars, as text.
    func list(_ name: String) throws(DocumentProblem) -> [String] {
        guard let range = try value(name) else { throw wrong(name, "a list") }
        var inner = JSONWalk(walk.bytes, at: range)
        guard let elements = try? inner.elements() else { throw wrong(name, "a list") }
        return elements.map { walk.string(at: $0) }
    }

    /// The member as it is written.
    func raw(_ name: String) throws(DocumentProblem) -> String {
        guard let range = try value(name) else { throw wrong(name, "there") }
        return walk.text(range)
    }

    /// Nil for one that is absent or null.
    private func value(_ name: String) throws(DocumentProblem) -> Range<Int>? {
        guard let range = members[name], walk.bytes[range] != ArraySlice("null".utf8) else { return nil }
        return range
    }

    private func wrong(_ name: String, _ what: String) -> DocumentProblem {
        DocumentProblem("line \(line): the member \(name) is not \(what)")
    }
}
