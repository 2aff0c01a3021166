@testable import Spec

/// A small repository of every kind that others refer to, with names short enough to be mistaken for each other.
struct MadeUpRepository {
    private(set) var files: [SourceFile] = []

    init(using random: inout SplitMix) {
        addPlatform()
        for org in ["acme", "globex", "umbra"].prefix(Int.random(in: 1...3, using: &random)) {
            addFrame(of: org, using: &random)
            if Bool.random(using: &random) { addDefaults(of: org, using: &random) }
            for number in 0..<Int.random(in: 3...9, using: &random) { addTeam(number, of: org, using: &random) }
        }
    }

    private mutating func addPlatform() {
        add(
            "charter.yaml", "Repository", "charter",
            [
                "drift: report", "owners:", "  - { paths: [\"orgs/*/boss.yaml\"], by: [acme/member-1] }",
                "  - { paths: [\"orgs/*/members/**\"], by: [acme/member-0] }", "  - { paths: [\"orgs/*/author.yaml\"], by: [acme/boss] }",
            ])
        add("plans.yaml", "Plan", "gold", ["displayName: Gold"])
        add("scopes/chat.yaml", "Scope", "chat", ["endpoints: [chat.completions, models]"])
        add("scopes/vector.yaml", "Scope", "vector", ["endpoints: [embeddings]"])
        add("roles.yaml", "Role", "author", ["permissions: [inference.invoke]"])
        add(
            "providers.yaml", "Provider", "open",
            ["type: openai", "baseURL: https://api.example/v1", "credential: { env: KEY }"])
        add("catalog.yaml", "ModelCatalog", "open", ["provider: open", "models: { small: {}, large: {} }"])
        add("routes.yaml", "RoutingPolicy", "assistant", ["targets: [{ model: open/small }]"])
    }

    private mutating func addFrame(of org: String, using random: inout SplitMix) {
        add("orgs/\(org)/org.yaml", "Organization", org, ["plan: gold"])
        add("orgs/\(org)/boss.yaml", "Member", "boss", ["email: boss@x.example", "roles: [admin]"])
        if Bool.random(using: &random) {
            let hard = Int.random(in: 5...12, using: &random)
            add(
                "orgs/\(org)/budgets/all.yaml", "Budget", "all",
                ["for: { organization: true }", "hard: \(hard) USD/month"])
        }
        // Takes the place of the platform's.
        if Int.random(in: 0..<4, using: &random) == 0 {
            add("orgs/\(org)/own.yaml", "Scope", "chat", ["endpoints: [embeddings]"])
            add("orgs/\(org)/author.yaml", "Role", "author", ["permissions: [usage.read]"])
        }
    }

    private mutating func addDefaults(of org: String, using random: inout SplitMix) {
        if Int.random(in: 0..<3, using: &random) == 0 {
            // Inherited by nobody, since every key says its own.
            let project = "team-\(Int.random(in: 0...9, using: &random))"
            let folder = Bool.random(using: &random) ? "orgs/\(org)/keys/" : "orgs/"
            files.removeAll { $0.path == "\(folder)_defaults.yaml" }
            files.append(
                SourceFile(
                    "\(folder)_defaults.yaml",
                    "apiVersion: charter/v1\nkind: APIKey\nspec: { project: \(project) }\n---\napiVersion: charter/v1\nkind: Budget\nspec: { zone: UTC }\n"))
            return
        }
        let owner = "member-\(Int.random(in: 0...4, using: &random))"
        files.append(
            SourceFile(
                "orgs/\(org)/keys/_defaults.yaml",
                "apiVersion: charter/v1\nkind: APIKey\nspec: { owner: \(owner), scopes: [chat] }\n"))
    }

    private mutating func addTeam(_ number: Int, of org: String, using random: inout SplitMix) {
        let other = Int.random(in: 0...number, using: &random)
        add(
            "orgs/\(org)/members/\(number).yaml", "Member", "member-\(number)",
            ["email: m\(number)@x.example", "roles: [author]"])
        add("orgs/\(org)/projects/\(number).yaml", "Project", "team-\(number)", ["models: { deny: [open/large] }"])
        add(
            "orgs/\(org)/keys/\(number).yaml", "APIKey", "key-\(number)",
            [
                "owner: member-\(other)", "project: team-\(number)", "scopes: [chat]",
                "models: { allow: [assistant, \"open/*\"] }",
                "secrets: [{ sha256: \(digest(number, org)) }]", "budget: { hard: \(8 + other) USD/month }",
            ])
        if Bool.random(using: &random) {
            add(
                "orgs/\(org)/budgets/\(number).yaml", "Budget", "budget-\(number)",
                ["for: { project: team-\(other) }", "hard: 9 USD/month"])
        }
        if Int.random(in: 0..<4, using: &random) == 0 {
            add(
                "orgs/\(org)/budgets/key-\(number).yaml", "Budget", "limit-\(number)",
                ["for: { key: key-\(number) }", "hard: 9 USD/month"])
        }
    }

    private func digest(_ number: Int, _ org: String) -> String {
        let seed = "\(number)\(org)".utf8.reduce(0) { ($0 * 31 + UInt64($1)) % 0xFFFF_FFFF }
        return String(repeating: String(seed, radix: 16).leftPadded(to: 8), count: 8)
    }

    private mutating func add(_ path: String, _ kind: String, _ name: String, _ spec: [String]) {
        let lines =
            ["apiVersion: charter/v1", "kind: \(kind)", "metadata:", "  name: \(name)", "spec:"]
            + spec.map { "  \($0)" }
        files.append(SourceFile(path, lines.joined(separator: "\n") + "\n"))
    }
}

/// What people do to a repository between two commits.
enum Edit: CaseIterable {
    case remove, rename, rewriteReference, copy, comment, escape, breakSyntax, previousName, misspell, addDefaults

    /// One to three of them; answers the paths that differ.
    static func some(on files: inout [SourceFile], using random: inout SplitMix) -> Set<String> {
        var paths: Set<String> = []
        for _ in 0..<Int.random(in: 1...3, using: &random) {
            guard let edit = allCases.randomElement(using: &random), !files.isEmpty else { break }
            paths.insert(edit.apply(to: &files, using: &random))
        }
        return paths
    }

    private func apply(to files: inout [SourceFile], using random: inout SplitMix) -> String {
        let index = Int.random(in: files.indices, using: &random)
        let file = files[index]
        let text = String(decoding: file.bytes, as: UTF8.self)
        switch self {
        case .remove:
            files.remove(at: index)
            return file.path
        case .copy:
            let path = file.path.replacing(".yaml", with: "-copy.yaml")
            files.removeAll { $0.path == path }
            files.append(SourceFile(path, text))
            return path
        case .addDefaults:
            let path = "orgs/acme/_defaults.yaml"
            files.removeAll { $0.path == path }
            files.append(
                SourceFile(path, "apiVersion: charter/v1\nkind: Project\nspec: { limits: [5 requests/min] }\n"))
            return path
        default:
            files[index] = SourceFile(file.path, changed(text, using: &random))
            return file.path
        }
    }

    private func changed(_ text: String, using random: inout SplitMix) -> String {
        let (from, to) = (Int.random(in: 0...9, using: &random), Int.random(in: 0...9, using: &random))
        switch self {
        case .rename: return text.replacing("  name: ", with: "  name: new-")
        case .rewriteReference:
            return text.replacing("member-\(from)", with: "member-\(to)").replacing("team-\(from)", with: "team-\(to)")
                .replacing("[chat]", with: "[vector]")
        case .comment: return "# nothing else\n" + text
        case .escape:
            return text.replacing("project: team", with: "project: \"t\\x65am").replacing(
                "\"t\\x65am-\(from)", with: "\"t\\x65am-\(from)\"")
        case .breakSyntax: return text + "}\n"
        case .previousName:
            return text.replacing("  name: ", with: "  previousNames: [key-\(from), team-\(to)]\n  name: ")
        case .misspell: return text.replacing("member-", with: "membre-").replacing("  models:", with: "  modles:")
        default: return text
        }
    }
}
