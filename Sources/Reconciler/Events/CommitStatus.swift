internal import Spec
internal import Store

/// What became of a commit, as a Git host shows it beside the commit. A value.
package struct CommitStatus: Hashable, Sendable {
    package enum State: Hashable, Sendable {
        /// It is looked at, or waits for somebody's word.
        case pending
        case success, failure
    }

    package var commit: String
    package var unit: String
    package var state: State
    /// One sentence without its full stop, of at most `descriptionMax` characters.
    package var description: String
    /// Where it leads whoever follows it.
    package var link: String?

    /// GitHub refuses longer ones (REST API, *Create a commit status*).
    static let descriptionMax = 140

    init(commit: String, unit: String, _ state: State, _ description: String, link: String?) {
        self.commit = commit
        self.unit = unit
        self.state = state
        self.description = Self.cut(description.printable)
        self.link = link
    }

    /// By which the host tells it from others of the commit.
    package var context: String { "charter/\(unit)" }

    /// What `POST /repos/{owner}/{repo}/statuses/{sha}` of GitHub and Gitea, or `POST /projects/:id/statuses/:sha` of GitLab takes.
    func body(for host: Repository.StatusTarget.Host) -> JSONTree {
        let name: String
        switch (host, state) {
        case (.gitlab, .failure): name = "failed"
        case (_, .failure): name = "failure"
        case (_, .pending): name = "pending"
        case (_, .success): name = "success"
        }
        return .object(
            [
                ("state", .string(name)), (host == .gitlab ? "name" : "context", .string(context)),
                ("description", .string(description)),
            ] + (link.map { [("target_url", .string($0))] } ?? []))
    }

    /// Counted as UTF-16, the shortest measure that a host may use.
    private static func cut(_ text: String) -> String {
        guard text.utf16.count > descriptionMax else { return text }
        var cut = ""
        var length = 0
        for character in text {
            guard length + character.utf16.count < descriptionMax else { break }
            cut.append(character)
            length += character.utf16.count
        }
        return cut + "…"
    }
}

extension CommitStatus {
    /// Of what a plan came to.
    package init(_ outcome: PlanOutcome, unit: String, link: String? = nil) {
        switch outcome {
        case .rejected(let rejection):
            self.init(
                commit: rejection.commit.id.hex, unit: unit, .failure,
                Self.mistakes(rejection.errorCount, first: rejection.diagnostics.first { $0.severity == .error }.map { "\($0.place.map { "\($0): " } ?? "")\($0.message)" }),
                link: link)
        case .planned(let plan, let blocks):
            // That somebody applies it by hand is nothing against it.
            let open = blocks.filter { if case .manual = $0 { false } else { true } }
            let state: State = open.isEmpty ? .success : open.allSatisfy(\.isApprovable) ? .pending : .failure
            let tally = plan.isEmpty ? "nothing to change" : "\(plan.tally)"
            let word = open.first.map { "\(state == .pending ? "waits for an approval" : "blocked") [\($0.code)]: " } ?? ""
            self.init(commit: plan.tip.id.hex, unit: unit, state, word + tally, link: link)
        }
    }

    /// Of an event; nil where that is not of what became of a commit.
    init?(_ event: EventDraft, link: String?) {
        let data = EventData(event.data)
        let platform = EventData(event.platformData)
        guard let commit = data["commit"], !event.unit.isEmpty else { return nil }
        func status(_ state: State, _ description: String) -> CommitStatus {
            CommitStatus(commit: commit, unit: event.unit, state, description, link: link)
        }
        if event.type == EventDraft.seenType {
            self = status(.pending, "being validated and planned")
            return
        }
        let subjects = EventSubjects(json: event.subjects)
        switch Webhook.Event(rawValue: event.type) {
        // A rollback says nothing of the commit whose state comes back.
        case .revisionApplied where data["act"] == RevisionAct.apply.rawValue:
            let count = subjects.count
            self = status(
                .success,
                "applied as revision \(data["revision"] ?? "?"): \(count == 0 ? "nothing" : "\(count) resource\(count == 1 ? "" : "s")") changed")
        case .revisionEnforced:
            self = status(.success, "revision \(data["revision"] ?? "?") is enforced by \(data["gateways"] ?? "?") gateways")
        case .revisionRejected:
            let first = subjects.mistakes.first
            self = status(.failure, Self.mistakes(subjects.count, first: first.map { "\($0.place.map { "\($0): " } ?? "")\($0.message)" }))
        case .planBlocked:
            let blocks = platform.items("blocks")
            let codes = blocks.compactMap { $0["code"] }.joined(separator: ", ")
            let isHopeless = platform["command"] == nil
            self = status(
                isHopeless ? .failure : .pending,
                (isHopeless ? "blocked" : "waits for somebody's word") + " [\(codes)]: \(blocks.first?["message"] ?? "")")
        default: return nil
        }
    }

    private static func mistakes(_ count: Int, first: String?) -> String {
        "\(count) mistake\(count == 1 ? "" : "s"), nothing applied" + (first.map { "; \($0)" } ?? "")
    }
}
