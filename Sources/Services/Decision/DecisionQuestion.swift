package import Policy
internal import Spec
package import Store

/// `charter why`: of which request is asked, and by whom.
package struct DecisionQuestion: Sendable {
    private let decision: DecisionName
    /// Whose request it must be; nil for anybody's.
    private let org: String?
    /// Nil for whoever runs the host.
    private let caller: Caller?

    /// `text` is what `x-charter-decision` said. A caller who may be told of one organization alone is told of that one.
    package init(_ text: String, org: String?, caller: Caller?) throws(RequestRefusal) {
        guard let decision = DecisionName(text) else {
            throw RequestRefusal(
                "`\(text.shortened(to: Self.shownMax).printable)` is no decision's name", .misworded,
                hint: "write the 32 digits that the answer's x-charter-decision says")
        }
        self.decision = decision
        self.org = org ?? caller?.org
        self.caller = caller
    }

    /// Throws `RequestRefusal` where there is no record of it, or none that the caller may be told of: alike.
    package func run(_ transaction: Transaction) throws -> DecisionChain {
        try checkRight()
        var filter = UsageFilter()
        if let org { filter.orgs = try Ledger.lineages(transaction, .organization, named: org, in: .everything) }
        let rows = try Ledger.attempts(transaction, of: decision, filter)
        guard let terms = rows.first?.terms, try isTold(terms, transaction) else { throw missing }
        return try DecisionChain(decision, rows, isForOneOrganization: caller?.org != nil, reach: reach, transaction)
    }

    private func checkRight() throws(RequestRefusal) {
        guard let caller else { return }
        let isHeld = caller.may(.decisionsRead, in: org) || org.map { !caller.reach(.decisionsRead, in: $0).isEmpty } ?? false
        guard !isHeld else { return }
        throw RequestRefusal("\(caller.name.printable) does not hold decisions.read in \((org ?? "-").printable)", .forbidden)
    }

    /// Of what is its organization's the caller may be told.
    private var reach: ProjectReach {
        guard let caller, let org else { return .everything }
        return caller.reach(.decisionsRead, in: org)
    }

    /// Projects are known by their lineages, as the names of the present may have been others' then.
    private func isTold(_ terms: UsageTerms, _ transaction: Transaction) throws -> Bool {
        guard let org, case .projects(let names) = reach else { return true }
        guard let project = terms.projectUID else { return false }
        return try names.contains { name in
            try Ledger.lineages(transaction, .project, named: name, in: .organization(org)).contains(project)
        }
    }

    private var missing: RequestRefusal {
        RequestRefusal(
            "no record of the decision \(decision.text), of \(decision.at.iso8601)\(org.map { ", in \($0.printable)" } ?? "")", .missing,
            hint: """
                a request that was refused before it went to a provider leaves none: its answer names the rule. Else it is not shipped yet
                  (about a second; longer while PostgreSQL was away), its row was removed by `retention`, or it is another organization's
                """)
    }

    private static let shownMax = 64
}
