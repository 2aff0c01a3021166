import Spec
import TestKit

/// A valid repository of about a thousand resources, of every kind, full of texts that YAML can be wrong about.
///
/// Values are written as JSON, which every YAML reader takes as it is.
struct OddRepository {
    private(set) var files: [String: String] = [:]
    private var random: SplitMix

    static let texts = [
        "no", "yes", "on", "Off", "y", "N", "null", "~", "Null", "true", "FALSE", "1e3", "1_000", "0x1f", "0o17", "017", "12:30:45",
        "2026-11-21", "2026-11-21T09:00:00Z", ".5", "1.", "+1", "-0", ".inf", "-.INF", ".nan", "Infinity", "=", "<<", "4096", "1.50",
        "a: b", "a :b", "trailing:", ": leading", "# no comment", "a # b", "a#b", "- item", "-", "--", "---", "...", "? key", "|", ">", ">-",
        "&anchor", "*alias", "!tag", "%dir", "@at", "`tick`", "{curly}", "[square]", "a, b", "quote \" here", "'single'", "it's", "\"", "'",
        "back\\slash", "\\n", "C:\\x", "ünïcödé", "日本語のテキスト", "🚀 und 👩‍👩‍👧", "e\u{301}", "\u{a0}nbsp", "\u{2028}line", "\u{feff}bom", "\u{200b}zero",
        " leading", "trailing ", "  two  ", "two\nlines", "ended\n", "ended twice\n\n", "\nblank first", "a\n\nb", "a\n  indented\nb\n",
        "  indented\nfirst", "- a\n- b\n", "a: b\nc: d\n", "# a\n# b\n", "tab\there", "\ttab", "a\n\tb", "trailing \nspace ", "---\na\n...\n",
        "{{ inputs.x }}", "${HOME}", "$(id)", "<b>&amp;</b>", "%20", "a=b", "x", "0", "-", "1", "👍", "~user", "/a/b", "a/b:c", "12e03", "1E5",
        "0b101", "1:2", "1.2.3", "v1.10", "+", "null ", "true,false", "long " + String(repeating: "word ", count: 60) + "end",
    ]

    init(seed: UInt64) {
        random = SplitMix(state: seed)
        addPlatform()
        for org in ["acme", "globex"] { addOrganization(org) }
    }

    private mutating func addPlatform() {
        add("charter.yaml", "Repository", "odd", nil, ["drift": "\"report\"", "guards": "{\"adminsMin\": 1}"])
        add("providers/p.yaml", "Provider", "open", nil, ["type": "\"openai\"", "baseURL": "\"https://api.example/v1\"", "credential": "{\"env\": \"KEY\"}"])
        let models = (0..<40).map { "\"m-\($0)\": {\"description\": \(text())}" }
        add("catalog/c.yaml", "ModelCatalog", "open", nil, ["provider": "\"open\"", "models": "{\(models.joined(separator: ", ")), \"empty\": {}, \"Meta/Llama-3.1:free\": {}, \"1e3\": {}, \"no\": {}}"])
        for number in 0..<20 {
            add("plans.yaml", "Plan", "plan-\(number)", nil, ["displayName": text(), "limits": "[\"\(number + 1) requests/min\"]"])
            add("scopes/\(number).yaml", "Scope", "scope-\(number)", nil, ["description": text(), "endpoints": "[\"chat.completions\", \"models\"]"])
            add("roles/\(number % 3).yaml", "Role", "role-\(number)", nil, ["description": text(), "permissions": "[\"inference.invoke\"]"])
            add("routes/r\(number).yml", "RoutingPolicy", "route-\(number)", nil, ["targets": "[{\"model\": \"open/m-\(number)\", \"weight\": \(number + 1)}]"])
            add("hooks.yaml", "Webhook", "hook-\(number)", nil, [
                "description": text(), "url": "\"https://ops.example/h\(number)\"", "events": "[\"drift.opened\"]", "secret": "{\"env\": \"HOOK\"}",
            ])
            add("guardrails/g.yaml", "Guardrail", "guard-\(number)", nil, [
                "description": text(), "message": text(), "words": "{\"deny\": [\"word \(number)\", \"no\", \"1e3\"]}",
            ])
        }
    }

    private mutating func addOrganization(_ org: String) {
        let folder = "orgs/\(org)"
        add("\(folder)/org.yaml", "Organization", org, nil, ["displayName": text(), "plan": "\"plan-1\""])
        add("\(folder)/boss.yaml", "Member", "boss", nil, ["email": "\"boss@\(org).example\"", "roles": "[\"admin\"]"])
        for number in 0..<60 {
            add("\(folder)/members/\(number % 7).yaml", "Member", "m\(number)", nil, ["email": "\"m\(number)@\(org).example\"", "displayName": text(), "roles": "[\"role-1\"]"])
            add("\(folder)/projects.yaml", "Project", "p\(number)", nil, ["displayName": text(), "description": text(), "owner": "\"m\(number)\""])
            add("\(folder)/keys/k\(number).yaml", "APIKey", "k\(number)", "\"team\": \"t\(number % 4)\"", [
                "owner": "\"m\(number)\"", "project": "\"p\(number)\"", "scopes": "[\"scope-\(number % 20)\"]", "expires": "\"2099-01-01\"",
                "models": "{\"allow\": [\"open/*\", \"route-1\"], \"deny\": [\"open/m-2\"]}", "networks": "[\"10.0.0.0/8\", \"2001:db8::/32\"]",
                "budget": "{\"hard\": \"\(number + 1) USD/month\", \"zone\": \"Europe/Berlin\"}", "secrets": "[{\"sha256\": \"\(digest(org, number))\"}]",
            ])
            add("\(folder)/budgets/b.yaml", "Budget", "b\(number)", nil, ["for": "{\"project\": \"p\(number)\"}", "hard": "\"1000 USD/month\""])
        }
        for number in 0..<30 {
            add("\(folder)/pools.yaml", "KeyPool", "pool\(number)", nil, [
                "description": text(), "issuers": "{\"members\": [\"m1\"]}", "keys": "5",
                "each": "{\"lifetime\": \"24h\", \"scopes\": [\"scope-1\"], \"models\": {\"allow\": [\"open/m-1\"]}}",
            ])
            add("\(folder)/agents/a\(number).yaml", "Agent", "agent\(number)", nil, ["description": text(), "model": "\"open/m-1\"", "instructions": prompt()])
            add("\(folder)/flows/f\(number).yaml", "Workflow", "flow\(number)", nil, [
                "description": text(), "trigger": "{\"manual\": {}}", "steps": "[{\"name\": \"one\", \"model\": \"open/m-1\", \"prompt\": \(prompt())}]",
            ])
        }
    }

    private mutating func text() -> String { Self.quoted(Self.texts[Int.random(in: Self.texts.indices, using: &random)]) }

    /// Without what a template would take for its own.
    private mutating func prompt() -> String {
        let texts = Self.texts.filter { !$0.contains("{{") && !$0.allSatisfy(\.isWhitespace) }
        return Self.quoted(texts[Int.random(in: texts.indices, using: &random)])
    }

    private mutating func add(_ path: String, _ kind: String, _ name: String, _ labels: String?, _ spec: [String: String]) {
        var annotations = ["\"empty\": \"\""]
        for number in 0..<Int.random(in: 1...3, using: &random) { annotations.append("\"note-\(number)\": \(text())") }
        let fields = spec.sorted { $0.key < $1.key }.map { "  \"\($0.key)\": \($0.value)\n" }.joined()
        let document = "apiVersion: charter/v1\nkind: \(kind)\nmetadata: {\"name\": \"\(name)\", \"labels\": {\(labels ?? "")}, \"annotations\": {\(annotations.joined(separator: ", "))}}\nspec:\n\(fields)"
        files[path] = files[path].map { $0 + "---\n" + document } ?? document
    }

    private func digest(_ org: String, _ number: Int) -> String {
        var random = SplitMix(state: UInt64(number) + (org == "acme" ? 0 : 1000))
        return (0..<4).map { _ in
            let digits = String(random.next(), radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }

    private static func quoted(_ text: String) -> String {
        var json = JSONText()
        json.string(text)
        // The reader takes these only by their number.
        return json.json.unicodeScalars.map { ["\u{2028}", "\u{feff}", "\u{200b}"].contains($0) ? "\\u\(hex($0))" : String($0) }.joined()
    }

    private static func hex(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16)
        return String(repeating: "0", count: 4 - digits.count) + digits
    }
}
