internal import Spec
package import Store

/// A question for the authors of a resource's fields.
package struct BlameRequest: Sendable {
    private var query: ResourceQuery
    private var moment: Moment
    private var source: GitSource?

    /// `source` is asked where the database alone cannot tell.
    package init(_ query: ResourceQuery, at moment: Moment, source: GitSource?) {
        self.query = query
        self.moment = moment
        self.source = source
    }

    /// The answer, and why the repository had no part in it, if that is so.
    ///
    /// No transaction is open while the repository is fetched, which takes as long as its host likes. What revisions hold never
    /// changes, so the answer is of one picture all the same.
    package func run(_ connection: Connection) throws -> (Blame, problem: String?) {
        var blame = try connection.transaction(.repeatableRead) { try find($0) }
        guard let source else {
            blame.isExact = false
            return (blame, nil)
        }
        do {
            try source.refresh()
            let repository = try source.open()
            ProgressBoard.begin(.looking)
            try connection.transaction(.repeatableRead) { try blame.consult(repository, $0) }
            return (blame, nil)
        } catch let error as SourceError {
            blame.isExact = false
            return (blame, "\(error)")
        }
    }

    /// The name may carry the field: names, too, may have dots, so the longest name that is there counts.
    private func find(_ transaction: Transaction) throws -> Blame {
        let revision = try moment.resolve(transaction)
        var query = query
        var field: [Substring] = []
        while true {
            do {
                return try Blame(transaction, query, field: field.isEmpty ? nil : field.joined(separator: "."), at: revision)
            } catch HistoryProblem.noResource where query.name?.contains(".") ?? false {
                var parts = query.name?.split(separator: ".", omittingEmptySubsequences: false) ?? []
                field.insert(parts.removeLast(), at: 0)
                query.name = parts.joined(separator: ".")
            } catch HistoryProblem.noResource {
                throw try HistoryProblem.missing(self.query, transaction)
            }
        }
    }
}
