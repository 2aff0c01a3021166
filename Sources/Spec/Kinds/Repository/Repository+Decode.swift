extension Repository: FieldSet {
    init?(from fields: inout Fields) {
        let standard = Repository.standard
        driftInterval = fields.value(
            "driftInterval", .amount, default: standard.driftInterval, shown: "60s",
            "how often the whole state in the database is compared with what was applied", .enforced(by: "WatchLoop.run"))
        drift = fields.value(
            "drift", .driftAction, default: standard.drift, shown: "report",
            "what `watch` does with drift it finds; `correct` is another word for `revert`", .enforced(by: "WatchLoop.run"))
        driftFor = fields.value(
            "driftFor", .byKind(.driftAction), default: [], "the same for single kinds, by their names",
            .enforced(by: "DriftCorrection.includes"))
        adoptAs = fields.optional(
            "adoptAs", .member, "in whose name `adopt` asks for commits, by that member's rights",
            .enforced(by: "ReconcileSession.adopt"))
        prune = fields.value(
            "prune", .prune, default: standard.prune, shown: "true",
            "whether resources that left the repository are deleted, or only after an approval",
            .enforced(by: "StateDifference.isPruned"))
        pruneFor = fields.value(
            "pruneFor", .byKind(.prune), default: [], "the same for single kinds, by their names",
            .enforced(by: "StateDifference.isPruned"))
        disclosure = fields.value(
            "disclosure", .choice, default: standard.disclosure, shown: "full",
            "how much of a rule a refused client is told", .enforced(by: "Rule.disclosed"))
        sync = fields.value(
            "sync", .choice, default: .auto, shown: "auto",
            "whether a new commit is applied at once, only by `charter apply`, or after an approval",
            .enforced(by: "PlanGuard.gates"))
        history = fields.value(
            "history", .choice, default: standard.history, shown: "forward",
            "whether a branch that was set back or rewritten waits for a person, or is applied like any other",
            .enforced(by: "PlanGuard.judge"))
        guards = fields.optional("guards", .fields, "what a plan may not do without an approval", .parts)
        protect = fields.value(
            "protect", .list(of: .fields), default: [], "resources that no plan touches without an approval", .parts)
        approvals = fields.optional("approvals", .fields, "who must agree to a plan that was stopped", .parts)
        signatures = fields.optional("signatures", .fields, "whether commits must be signed", .parts)
        signers = fields.value(
            "signers", .list(of: .fields), default: [], "the keys that sign commits, by name",
            .enforced(by: "CommitVerifier.verdict"))
        owners = fields.value(
            "owners", .list(of: .fields), default: [],
            "which kinds may stand at which paths, and who answers for them; of several, the last one holds", .parts)
        writeBack = fields.optional("writeBack", .fields, "where changes go that are asked for by a call", .parts)
        notifications = fields.value(
            "notifications", .list(of: .fields), default: [], "who is told when something happens", .parts)
        statuses = fields.value(
            "statuses", .list(of: .fields), default: [], "where the Git host is told what became of each commit", .parts)
        webhooks = fields.value(
            "webhooks", .list(of: .fields), default: [],
            "calls by which the Git host says that something was pushed, where `charter watch --listen` takes them",
            .enforced(by: "ListenerDesk.answer"))
        markUnenforced(fields)
        checkSigners(fields)
    }

    /// `adopt` does nothing where no commit can come of it.
    private func markUnenforced(_ fields: Fields) {
        guard let lack = adoptLack else { return }
        if drift == .adopt { fields.markUnenforced("drift: adopt` without `\(lack)", in: "drift") }
        if driftFor.contains(where: { $0.value == .adopt }) { fields.markUnenforced("driftFor: adopt` without `\(lack)", in: "driftFor") }
    }

    /// What holds in a repository without `charter.yaml`.
    package static let standard = Repository(driftInterval: .seconds(60), drift: .report, prune: .on, disclosure: .full)

    /// Reports names given twice, and rules that name a signer who is none; as far as either can be read.
    private func checkSigners(_ fields: Fields) {
        var first: [String: Extent] = [:]
        for node in fields.items(of: "signers") {
            guard let name = node.child("name")?.text else { continue }
            if let earlier = first[name] {
                fields.reading.report(
                    .signerRepeated, node.extent, "there is a signer `\(name)` already", hint: "give it another name",
                    related: [(earlier, "first given here")])
            } else {
                first[name] = node.extent
            }
        }
        // Where one has no name, it may be the one that is meant.
        guard !fields.isMistaken("signers") || first.count == fields.items(of: "signers").count, !fields.isMeant("signers")
        else { return }
        for item in fields.items(of: "owners").flatMap({ $0.child("signers")?.items ?? [] }) {
            guard let name = item.text, first[name] == nil, Names.isResourceName(name) else { continue }
            fields.report(
                .signerUnknown, at: item.extent, "the rule names the signer `\(name)`, who is not among `signers`",
                hint: Suggestion.hint(for: name, among: first.keys.sorted()))
        }
    }

    /// What `validate` cannot check without Git, each in a few words; empty when nothing of the kind is declared.
    package var offlineExemptions: [String] {
        var exemptions: [String] = []
        if owners.contains(where: { !$0.by.isEmpty || !$0.signers.isEmpty }) { exemptions.append("signers of owners") }
        if let signatures, signatures.required != .off { exemptions.append("signatures of commits") }
        return exemptions
    }
}

extension Repository.Signer: FieldSet {
    init?(from fields: inout Fields) {
        let name = fields.required(
            "name", .text("a name", example: "mira", pattern: Names.resourcePattern, Names.isResourceName),
            "by which rules call it", .informs)
        let key: SSHPublicKey? = fields.optional("key", .amount, "the public key, a line of its .pub file", .informs)
        let fingerprint: SSHFingerprint? = fields.optional(
            "fingerprint", .amount, "or the key's fingerprint, as `ssh-keygen -lf` prints it", .informs)
        let openPGP: OpenPGPKey? = fields.optional(
            "openpgp", .amount, "or the public key of OpenPGP, as `gpg --export mira | base64 -w0` prints it", .informs)
        guard fields.exactlyOne(of: ["key", "fingerprint", "openpgp"]) != nil, let name else { return nil }
        self.name = name
        if let key {
            identity = .key(key)
        } else if let fingerprint {
            identity = .fingerprint(fingerprint)
        } else if let openPGP {
            identity = .openPGP(openPGP)
        } else {
            return nil
        }
    }
}

extension Repository.OwnerRule: FieldSet {
    init?(from fields: inout Fields) {
        let paths: [PathPattern]? = fields.required("paths", .set(of: .amount), "the files it is about", .informs)
        kinds = fields.value(
            "kinds", .set(of: .choice), default: [], "the kinds that may stand there; empty means any",
            .enforced(by: "Graph.misplacedKinds"))
        by = fields.value(
            "by", .set(of: .owner), default: [],
            "who answers for them: Members and groups, as `name` or `organization/name`, for `charter codeowners`",
            .enforced(by: "Codeowners.init"))
        signers = fields.value(
            "signers", .set(of: .text("the name of a signer", example: "mira", pattern: Names.resourcePattern, Names.isResourceName)), default: [],
            "whose signature a change there needs; checked when it is applied", .enforced(by: "PathRules.demands"))
        if let paths, paths.isEmpty {
            fields.report(.listEmpty, at: fields.extent(of: "paths"), "the rule has no paths")
        }
        guard let paths else { return nil }
        self.paths = paths
    }
}

extension Shape where Value == String {
    /// `organization/name`.
    fileprivate static var member: Shape<String> {
        names(2...2, "a Member, as `organization/name`", example: "acme/charter", pattern: "\(Names.resourcePattern)/\(Names.resourcePattern)")
    }

    /// `name`, or `organization/name`.
    fileprivate static var owner: Shape<String> {
        names(1...2, "the name of a Member", example: "acme/leads", pattern: "\(Names.resourcePattern)(/\(Names.resourcePattern))?")
    }

    /// So many names between slashes.
    private static func names(_ count: ClosedRange<Int>, _ noun: String, example: String, pattern: String) -> Shape<String> {
        text(noun, example: example, pattern: pattern) { text in
            let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
            return count.contains(parts.count) && parts.allSatisfy(Names.isResourceName)
        }
    }
}

extension Shape where Value == Repository.DriftAction {
    /// `revert` is what `correct` was called later; both mean the same, so both are written the same.
    fileprivate static var driftAction: Shape<Repository.DriftAction> {
        let names = ["report", "revert", "correct", "adopt"]
        return Shape(.oneOf(names)) { node, reading in
            guard let text = reading.written(node, expecting: "one of \(names.joined(separator: ", "))") else {
                return nil
            }
            guard let action = Repository.DriftAction(rawValue: text == "revert" ? "correct" : text) else {
                reading.report(
                    .valueUnknown, node.extent, "`\(text)` is not known here",
                    hint: Suggestion.hint(for: text, among: names))
                return nil
            }
            return Decoded(action, .string(action.rawValue))
        }
    }
}

extension Shape where Value == Repository.PruneMode {
    /// `true`, `false` or `confirm`.
    fileprivate static var prune: Shape<Repository.PruneMode> {
        let names = Repository.PruneMode.allCases.map(\.rawValue)
        return Shape(.oneOf(names)) { node, reading in
            guard let text = reading.written(node, expecting: "true, false or confirm") else { return nil }
            let isBoolean = if case .scalar(let scalar) = node.content { scalar.type == .boolean } else { false }
            guard let mode = Repository.PruneMode(rawValue: isBoolean ? text.lowercased() : text) else {
                reading.report(
                    .valueUnknown, node.extent, "`\(text)` is not known here", hint: Suggestion.hint(for: text, among: names))
                return nil
            }
            return Decoded(mode, mode == .confirm ? .string(text) : .boolean(mode == .on))
        }
    }
}

extension Shape {
    /// `{ APIKey: …, Budget: … }`.
    fileprivate static func byKind<Item>(_ value: Shape<Item>) -> Shape<[Repository.ByKind<Item>]>
    where Value == [Repository.ByKind<Item>] {
        Shape<[Named<Item>]>.map(
            key: "a kind", pattern: Kind.allCases.map(\.rawValue).joined(separator: "|"), { Kind(rawValue: $0) != nil }, hint: "kinds are written like `APIKey`", of: { _ in value }
        ).map { pairs in
            pairs.compactMap { pair in Kind(rawValue: pair.name).map { Repository.ByKind(kind: $0, value: pair.value) } }
        }
    }
}
