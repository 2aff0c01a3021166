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
    package func run(_ transaction: Transaction) throws -> (Blame, problem: String?) {
        var blame = try find(transaction)
        guard let source else {
            blame.isExact = false
            return (blame, nil)
        }
        do {
            try source.refresh()
            try blame.consult(source.open(), transaction)
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
