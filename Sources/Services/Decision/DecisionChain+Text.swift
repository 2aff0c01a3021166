internal import Policy
internal import Spec
internal import Store

extension DecisionChain {
    package var text: String {
        ([head, attemptsText, revisionText, declaredText, boundsText, leftOutText, overridesText].filter { !$0.isEmpty } + gaps.map(\.printable))
            .joined(separator: "\n\n")
    }

    private var head: String {
        let who = [
            "key \(terms.org)/\(terms.key)", record?.secret.map { "by its secret \($0 + 1)" }, minted.map { "minted by \($0.issuer)" },
            terms.member.map { "of \($0)" }, terms.project.map { "in the project \($0)" },
        ]
        let asked = ["asked \(terms.endpoint) for \(terms.requestedModel)", route.map { "the route \($0)" }]
        return """
            decision \(decision.text) at \(attempts[0].at.iso8601): status \(status), \(cost.dollars) USD
            \(who.compactMap(\.self).joined(separator: ", ").printable)
            \(asked.compactMap(\.self).joined(separator: ", by ").printable)
            """
    }

    private var attemptsText: String {
        let head = ["MODEL", "OUTCOME", "PRICES", "STATUS", "MS", "INPUT", "OUTPUT", "TOKENS", "ESTIMATED", "COST USD"]
        let rows = attempts.map { row in
            let revision = row.terms.revision == terms.revision ? "" : " (revision \(row.terms.revision))"
            let tokens = [row.input, row.output, row.tokens].map { String($0) }
            let words = [row.terms.model + revision, outcome(row) ?? "-", row.terms.priceVersion].map(\.printable)
            return words + [String(row.status), String(row.latencyMs)] + tokens + [row.estimated ? "yes" : "no", row.cost.dollars]
        }
        let later = corrections.map { row in
            ["corrected later", "-", row.terms.priceVersion.printable, "-", "-", "-", "-", "-", "-", row.cost.dollars]
        }
        return FigureTable([head] + rows + later, labels: 3).text
    }

    private var revisionText: String {
        guard let revision else { return "" }
        let commit = "revision \(revision.id), applied \(revision.appliedAt.iso8601): commit \(revision.commit.prefix(Self.commitDigits))"
        return isForOneOrganization ? commit : "\(commit) by \(revision.author): \(revision.message)".printable
    }

    private var declaredText: String {
        guard !links.isEmpty else { return "" }
        let rows = links.map { link in
            let provenance = link.declaration.provenance
            return [
                link.part, link.declaration.key.description, link.declaration.place ?? "-",
                provenance.map { String($0.commit.prefix(Self.commitDigits)) } ?? "-", provenance?.committedAt.iso8601 ?? "-", provenance?.author ?? "-",
            ].map(\.printable)
        }
        let table = FigureTable([["PART", "DECLARED", "PLACE", "COMMIT", "COMMITTED", "AUTHOR"]] + rows, labels: 6).text
        return "declared then; charter at \(terms.revision) get KIND NAME shows one of them as it was\n\(table)"
    }

    private var boundsText: String {
        guard !bounds.isEmpty else { return "" }
        let rows = bounds.map { bound in
            [bound.hold.bound, bound.declaration?.key.description ?? "-", bound.hold.rule, String(bound.hold.asked), String(bound.hold.remaining)]
                .map(\.printable)
        }
        return "limits and budgets that it fell under, with what it asked of each and what was left behind it (money in nano-USD)\n"
            + FigureTable([["BOUND", "OF", "RULE", "ASKED", "LEFT"]] + rows, labels: 3).text
    }

    /// Models behind the name that were not to be had.
    private var leftOutText: String {
        let denied = (record?.considered ?? []).filter { $0.verdict != "possible" }.map { model in
            "  \(model.model): \(model.verdict)\(model.rule.map { ", by \($0)" } ?? "")".printable
        }
        let unwell = (record?.unhealthy ?? []).map { "  \($0): not well, so tried last".printable }
        return denied.isEmpty && unwell.isEmpty ? "" : (["not chosen"] + denied + unwell).joined(separator: "\n")
    }

    private var overridesText: String {
        guard !overrides.isEmpty else { return "" }
        let lines = overrides.map { override in
            let words = tells(override) ? " by \(override.owner): \(override.reason)" : ""
            let effect = tells(override) || override.effect == .denial || isShared(override.target.kind) ? override.effectText : "other values"
            let span = "from \(override.createdAt.iso8601) until \((override.endedAt ?? override.expiresAt).iso8601)"
            return "  \(override.shortID)  \(override.subject)  \(effect)  \(span)\(words)".printable
        }
        return (["overridden then, beside what was declared"] + lines).joined(separator: "\n")
    }

    private static let commitDigits = 10
}
