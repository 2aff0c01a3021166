internal import Policy
internal import Spec

/// The values of an override as a person types them, read by the language's own rules.
///
/// What is left out of an amount is taken from what is declared: `limit=400` of a budget of `250 USD/month` is 400 USD a month.
struct OverrideValues {
    let patch: ResourcePatch

    init(_ declared: Resource, _ words: [String]) throws(RequestRefusal) {
        guard !words.isEmpty else { throw RequestRefusal("nothing is to be set", .misworded, hint: "write limit=400USD") }
        var patch = ResourcePatch([:])
        for word in words {
            guard let equals = word.firstIndex(of: "="), equals != word.startIndex else {
                throw RequestRefusal("`\(word.printable)` sets nothing", .misworded, hint: "write limit=400USD")
            }
            let field = try Field(String(word[..<equals]), String(word[word.index(after: equals)...]), declared)
            guard patch.fields[field.pointer] == nil else { throw RequestRefusal("\(field.pointer) is set twice", .misworded) }
            patch.set(field.pointer, to: field.value)
        }
        let changed = try Self.decoded(declared, patch)
        for pointer in patch.fields.keys {
            let alone = try Self.decoded(declared, ResourcePatch([pointer: patch.fields[pointer] ?? ""]))
            if let canonical = alone.canonicalScalar(at: alone.pointer(ofChanged: pointer, since: declared)) { patch.set(pointer, to: canonical) }
        }
        guard changed.canonical != declared.canonical else {
            throw RequestRefusal("\(declared.key) says that already, so nothing would change")
        }
        self.patch = patch.remembering(declared)
    }

    fileprivate static func decoded(_ declared: Resource, _ patch: ResourcePatch) throws(RequestRefusal) -> Resource {
        do throws(PatchProblem) {
            return try Resource.decode(key: declared.key, canonical: declared.canonical, patch: patch)
        } catch { throw RequestRefusal("\(declared.key) cannot be that: \(error)", .misworded) }
    }

    /// One field by its pointer, and its value as JSON.
    private struct Field {
        let pointer: String
        let value: String

        init(_ word: String, _ text: String, _ declared: Resource) throws(RequestRefusal) {
            let kind = declared.key.kind
            let text = String(text.drop { $0 == " " })
            if kind != .budget, ["limit", "limits"].contains(word), declared.canonicalCount(at: Self.limits) > 0 {
                self = try Self.limit(text, declared)
                return
            }
            pointer = Self.pointer(word, kind)
            guard OverridableField.permits(pointer, of: kind) else { throw Self.unknown(word, kind) }
            value = Self.json(Self.completed(text, by: declared.canonicalScalar(at: pointer)))
        }

        private init(pointer: String, value: String) { (self.pointer, self.value) = (pointer, value) }

        private static let limits = "/spec/limits"

        /// `limit` of a Budget, `budget` of what has one, `limits.0`, or a pointer.
        private static func pointer(_ word: String, _ kind: Kind) -> String {
            switch word {
            case "limit", "amount": if kind == .budget { return "/spec/hard" }
            case "budget": return "/spec/budget/hard"
            default: break
            }
            let path = word.hasPrefix("/") ? String(word.dropFirst()) : word.replacing(".", with: "/")
            return path.hasPrefix("spec/") ? "/" + path : "/spec/" + path
        }

        /// The one of several limits that counts the same over the same time.
        private static func limit(_ text: String, _ declared: Resource) throws(RequestRefusal) -> Field {
            let count = declared.canonicalCount(at: limits)
            var problem: RequestRefusal?
            for index in 0..<count {
                let pointer = "\(limits)/\(index)"
                guard let old = declared.canonicalScalar(at: pointer) else { continue }
                let wanted = json(count == 1 ? completed(text, by: old) : text)
                do throws(RequestRefusal) {
                    let changed = try decoded(declared, ResourcePatch([pointer: wanted]))
                    let new = changed.canonicalScalar(at: changed.pointer(ofChanged: pointer, since: declared))
                    if new.map(unit) == unit(old) { return Field(pointer: pointer, value: wanted) }
                } catch { problem = problem ?? error }
            }
            let known = (0..<count).compactMap { declared.canonicalScalar(at: "\(limits)/\($0)") }.joined(separator: ", ")
            throw problem ?? RequestRefusal("\(declared.key) has no limit that counts like `\(text.printable)`", .misworded, hint: "it has \(known)")
        }

        private static func unknown(_ word: String, _ kind: Kind) -> RequestRefusal {
            let words = OverridableField.words(of: kind)
            return words.isEmpty
                ? RequestRefusal("no value of \(kind.withArticle) can be overridden; some can be denied", .misworded)
                : RequestRefusal(
                    "`\(word.printable)` of \(kind.withArticle) cannot be overridden", .misworded,
                    hint: "what can be: \(words.joined(separator: ", "))")
        }

        /// What follows the number: ` requests/min"`.
        private static func unit(_ value: String) -> Substring { value.drop { $0 != " " } }

        /// With the unit, or the time, of what is declared where the text has none; `declared` is JSON.
        private static func completed(_ text: String, by declared: String?) -> String {
            guard let declared, declared.hasPrefix("\"") else { return text }
            let old = declared.dropFirst().dropLast()
            if text.allSatisfy({ $0.isNumber || "._,kMG".contains($0) }) { return text + old.drop { $0 != " " } }
            guard !text.contains("/"), !text.contains(" per "), !text.contains("total"), !text.contains("concurrent") else { return text }
            if let slash = old.firstIndex(of: "/") { return text + old[slash...] }
            return old.hasSuffix(" total") ? text + " total" : text
        }

        /// A whole number as it is, everything else as text.
        private static func json(_ text: String) -> String {
            if let number = Int64(text), String(number) == text { return text }
            var quoted = JSONText(capacity: text.utf8.count + 2)
            quoted.string(text)
            return quoted.json
        }
    }
}
