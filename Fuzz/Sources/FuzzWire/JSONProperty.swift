internal import Driver

@testable internal import HTTP

/// The scanner takes what a plain reader of RFC 8259 takes, and for the same; a patch changes what it names alone.
enum JSONProperty {
    static func check(_ bytes: [UInt8]) {
        var reference = ReferenceJSON(bytes)
        let expected = reference.read()
        if reference.isUndecided { return }
        bytes.withUnsafeBytes { all in
            do throws(JSONError) {
                let scan = try JSONScan(all)
                guard let expected else { return Fuzzing.require(false, "refused by the reference") }
                Fuzzing.require(value(scan.root) == expected, "read alike")
                checkPatches(scan, bytes)
            } catch {
                Fuzzing.require(expected == nil, "taken by the reference: \(error)")
                Fuzzing.require((0...bytes.count).contains(error.offset), "a place in the text: \(error)")
            }
        }
    }

    private static func value(_ value: JSONValue) -> ReferenceJSON.Value {
        switch value.kind {
        case .object: .object((value.object().map(Array.init) ?? []).map { ReferenceJSON.Member(Array($0.name.utf8), Self.value($0.value)) })
        case .array: .array((value.array().map(Array.init) ?? []).map(Self.value))
        case .string: .string(Array((value.string() ?? "").utf8))
        case .number: .number(Array(value.text))
        case .bool: .bool(value.bool() ?? false)
        case .null: .null
        }
    }

    private static func checkPatches(_ scan: JSONScan, _ bytes: [UInt8]) {
        guard var patch = JSONPatch(scan), let unchanged = JSONPatch(scan) else { return }
        Fuzzing.require(unchanged.bytes() == bytes, "no change changes nothing")
        let names = scan.members.map(\.name)
        let name = names.first ?? "model"
        patch.set(name, to: "[7]")
        let changed = patch.bytes()
        let before = scan.members.first?.value.range
        changed.withUnsafeBytes { all in
            guard let again = try? JSONScan(all) else { return Fuzzing.require(false, "patched into something else") }
            Fuzzing.require(again.members.map(\.name) == (names.isEmpty ? [name] : names), "the same members")
            Fuzzing.require(again[name].map { Array($0.text) } == Array("[7]".utf8), "the value that was set")
            guard let before else { return }
            let rest = Array(bytes[..<before.lowerBound]) + Array("[7]".utf8) + Array(bytes[before.upperBound...])
            Fuzzing.require(changed == rest, "every other byte")
        }
        checkRemoval(scan, names)
    }

    /// Takes every second member away.
    private static func checkRemoval(_ scan: JSONScan, _ names: [String]) {
        guard var patch = JSONPatch(scan) else { return }
        var kept: [String] = []
        for (index, name) in names.enumerated() {
            if index % 2 == 0 { patch.remove(name) } else { kept.append(name) }
        }
        patch.set("\u{1}", to: "0")
        if names.contains("\u{1}") { return }
        patch.bytes().withUnsafeBytes { all in
            let again = try? JSONScan(all)
            Fuzzing.require(again?.members.map(\.name) == kept + ["\u{1}"], "what was kept and what was added")
        }
    }
}
