internal import Store

/// How far one process has looked at requests that have a commit and no end.
struct ChangeSettlement {
    /// Of the last one looked at in each state: however many never end, each has its turn.
    private var last: [ChangeRequest.State: Int64] = [:]
    /// Up to which applied commit each proposal was looked for.
    private var examined: [String: ObjectID] = [:]

    private static let pageCount = 500

    /// The next ones of a state; from the first again once all had their turn.
    mutating func next(_ state: ChangeRequest.State, of unit: String, _ transaction: Transaction) throws(DatabaseError) -> [ChangeRequest] {
        let page = try ChangeRequests.unsettled(transaction, unit: unit, state, after: last[state] ?? 0, limit: Self.pageCount)
        last[state] = page.count == Self.pageCount ? page.last?.number : nil
        return page
    }

    func examined(_ request: ChangeRequest) -> ObjectID? { examined[request.uid] }

    mutating func note(_ request: ChangeRequest, examinedUpTo commit: ObjectID?) { examined[request.uid] = commit }
}
