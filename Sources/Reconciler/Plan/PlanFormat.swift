internal import Spec

/// A form in which a plan is written.
package enum PlanFormat: String, CaseIterable, Sendable {
    /// For people at a terminal.
    case text
    /// One object with everything, versioned.
    case json
    /// The comment of a pull request.
    case markdown
    /// Annotations of GitHub Actions, behind the text.
    case github
    /// What GitHub, GitLab or Gitea takes for the status of the commit.
    case githubStatus = "github-status"
    case gitlabStatus = "gitlab-status"
    case giteaStatus = "gitea-status"
    /// What all three take for a comment of a pull request: the Markdown as `body`.
    case comment

    /// The named format; nil names the one that suits this machine.
    package static func named(_ name: String?, environment: [String: String]) throws(UsageError) -> PlanFormat {
        guard let name else { return environment["GITHUB_ACTIONS"] == "true" ? .github : .text }
        if let format = PlanFormat(rawValue: name) { return format }
        let names = allCases.map(\.rawValue)
        let near = Suggestion.nearest(to: name, among: names).map { "did you mean \($0)?" }
        throw .wrong("\"\(name)\" is no format", hint: near ?? "one of: " + names.joined(separator: ", "))
    }
}

extension PlanOutcome {
    ///
    /// `folder`, with its final slash, is what leads from the repository's root to where paths count from; annotations are of files of the whole.
    ///
    /// `unit` names the status, and `link` is where it leads.
    package func rendered(
        as format: PlanFormat, below folder: String = "", unit: String = ReconcileSession.defaultUnit, link: String? = nil
    ) -> String {
        switch (self, format) {
        case (_, .githubStatus): CommitStatus(self, unit: unit, link: link).body(for: .github).text
        case (_, .gitlabStatus): CommitStatus(self, unit: unit, link: link).body(for: .gitlab).text
        case (_, .giteaStatus): CommitStatus(self, unit: unit, link: link).body(for: .gitea).text
        case (_, .comment): JSONTree.object([("body", .string(rendered(as: .markdown, unit: unit)))]).text
        case (.planned(let plan, let blocks), .text): plan.text(blocks: blocks)
        case (.planned(let plan, let blocks), .json): plan.json(blocks: blocks).text
        case (.planned(let plan, let blocks), .markdown): plan.markdown(blocks: blocks)
        case (.planned(let plan, let blocks), .github): plan.github(blocks: blocks, below: folder)
        case (.rejected(let rejection), .text): rejection.text
        case (.rejected(let rejection), .json): rejection.planJSON.text
        case (.rejected(let rejection), .markdown): rejection.markdown(unit: unit)
        case (.rejected(let rejection), .github): rejection.report(below: folder).rendered(as: .github)
        }
    }
}

extension Rejection {
    fileprivate func report(below folder: String) -> Report {
        Report(
            diagnostics: diagnostics, paths: Set(diagnostics.compactMap { $0.place?.path }).sorted(), resourceCount: 0,
            prefix: folder, version: CharterVersion.current)
    }
}
