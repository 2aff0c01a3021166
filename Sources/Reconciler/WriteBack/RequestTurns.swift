internal import Store

/// How far one sort of look has come with the requests of one state: however many there are, each has its turn; a value.
struct RequestTurns {
    let state: ChangeRequest.State
    /// The number of the last one that had its turn; 0 where the next is the first.
    private var last: Int64 = 0
    /// How many more times all are to have their turn.
    private var owed = 0

    static let pageCount = 100

    init(_ state: ChangeRequest.State) { self.state = state }

    /// Has all have their turn from now on, whichever had it before.
    mutating func restart() { owed = last == 0 ? 1 : 2 }

    var isOwed: Bool { owed > 0 }

    func page(of unit: String, _ transaction: Transaction) throws(DatabaseError) -> [ChangeRequest] {
        try ChangeRequests.unsettled(transaction, unit: unit, state, after: last, limit: Self.pageCount)
    }

    mutating func passed(_ request: ChangeRequest) { last = request.number }

    /// All of a page had their turn; one that is not full was the last.
    mutating func passed(pageOf count: Int) {
        guard count < Self.pageCount else { return }
        last = 0
        owed = max(0, owed - 1)
    }
}
