@testable import Spec

/// What must hold of every edit of every document.
struct EditProperty {
    /// What did not hold.
    private(set) var failures: [String] = []
    private(set) var made = 0
    private(set) var refused: [EditRefusal.Reason: Int] = [:]

    mutating func check(seed: UInt64) {
        var random = SplitMix(state: seed)
        let bytes = RandomDocument.file(&random)
        let reader = YAMLReader(path: "a.yaml", bytes: bytes)
        guard !reader.documents.isEmpty, reader.diagnostics.isEmpty else {
            failures.append("seed \(seed): the document itself: \(reader.diagnostics.map(\.message))\n\(text(bytes))")
            return
        }
        let index = Int.random(in: reader.documents.indices, using: &random)
        let edit = RandomEdit(of: reader.documents[index], &random)
        let act = DocumentEdit(.resource(.budget, name: "b\(index)"), [edit.field])
        do throws(EditRefusal) {
            let edited = try act.applied(to: SourceFile(path: "a.yaml", bytes: bytes))
            made += 1
            let problems = problems(of: edit, of: index, reader, bytes, edited, act)
            if !problems.isEmpty {
                failures.append("seed \(seed): \(edit.field)\n\(problems)\nbefore\n\(text(bytes))\nafter\n\(text(edited))")
            }
        } catch {
            refused[error.reason, default: 0] += 1
            if error.reason == .unproven || error.reason == .invalidFile || error.reason == .documentMissing {
                failures.append("seed \(seed): \(edit.field)\n\(error)\n\(text(bytes))")
            }
        }
    }

    private func text(_ bytes: [UInt8]) -> String {
        String(decoding: bytes, as: UTF8.self).replacing("\r\n", with: "␍\n") + "◂"
    }

    private func problems(
        of edit: RandomEdit, of index: Int, _ before: YAMLReader, _ old: [UInt8], _ new: [UInt8], _ act: DocumentEdit
    ) -> [String] {
        var problems: [String] = []
        let after = YAMLReader(path: "a.yaml", bytes: new)
        if !after.diagnostics.isEmpty { problems.append("not valid: \(after.diagnostics.map(\.message))") }
        if after.documents.count != before.documents.count { return problems + ["other documents"] }
        for (other, node) in before.documents.enumerated() {
            let model = EditModel(node)
            let wanted = other == index ? model.changed(edit.change, at: edit.path[...]) : model
            if EditModel(after.documents[other]) != wanted { problems.append("document \(other) says something else") }
        }
        if edit.sort != .removal, edit.path.last != "-" {
            if (try? act.applied(to: SourceFile(path: "a.yaml", bytes: new))) != new { problems.append("done again, it changes something") }
        }
        return problems + lost(edit, index, old, new)
    }

    /// Bytes that changed and should not have.
    private func lost(_ edit: RandomEdit, _ index: Int, _ old: [UInt8], _ new: [UInt8]) -> [String] {
        guard let node = edit.node else {
            return Self.isSubsequence(old, of: new) ? [] : ["an addition took something away"]
        }
        var text = EditText(old.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(old.dropFirst(3)) : old)
        let changed = Self.changed(old, new)
        let mark = old.count - text.bytes.count
        let start = text.offset(of: node.extent.position) + mark
        var problems: [String] = []
        let isScalar = if case .scalar = node.content, case .set(let value) = edit.change { !value.isCollection } else { false }
        if isScalar, node.extent.length > 1, changed.lowerBound < start { problems.append("changed before the scalar") }
        let gone = Self.comments(old).subtracting(Self.comments(new))
        let first = Self.firstLine(of: edit, text)
        let own = Self.comments(Array(text.bytes[first..<max(first, text.lineEnd(of: max(0, changed.upperBound - mark)))]))
        if !gone.isSubset(of: own) { problems.append("comments lost: \(gone.subtracting(own))") }
        if isScalar, node.extent.length > 1, !gone.isEmpty { problems.append("a scalar took its comment with it: \(gone)") }
        if !Self.comments(new).isSubset(of: Self.comments(old)) { problems.append("new comments") }
        return problems
    }

    /// Where the line begins with its key or its dash.
    private static func firstLine(of edit: RandomEdit, _ text: EditText) -> Int {
        var text = text
        var start = text.offset(of: edit.start)
        let column = text.column(of: start)
        if Int(edit.path.last ?? "") != nil, text.beginsLine(start) {
            repeat { start = text.lineStart(of: start - 1) } while start > 0 && !beginsWithDash(text.bytes[start...], before: column)
        }
        return text.lineStart(of: start)
    }

    private static func beginsWithDash(_ line: ArraySlice<UInt8>, before column: Int) -> Bool {
        let spaces = line.prefix { $0 == 0x20 }.count
        return spaces < column && line.dropFirst(spaces).first == UInt8(ascii: "-")
    }

    /// The bytes of the first that the second does not have at its beginning or end.
    static func changed(_ old: [UInt8], _ new: [UInt8]) -> Range<Int> {
        let prefix = zip(old, new).prefix { $0 == $1 }.count
        let suffix = min(zip(old.reversed(), new.reversed()).prefix { $0 == $1 }.count, min(old.count, new.count) - prefix)
        return prefix..<old.count - suffix
    }

    static func isSubsequence(_ some: [UInt8], of all: [UInt8]) -> Bool {
        var rest = some[...]
        for byte in all where byte == rest.first { rest = rest.dropFirst() }
        return rest.isEmpty
    }

    /// The numbers that the generator gave them.
    private static func comments(_ bytes: [UInt8]) -> Set<String> {
        Set(String(decoding: bytes, as: UTF8.self).matches(of: /# (c[1-9][0-9]*):/).map { String($0.output.1) })
    }
}
