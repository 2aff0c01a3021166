internal import CLibPQ
internal import Glibc

/// Waiting for the server within bounds (PostgreSQL manual, 34.4). A server that was stopped, or that nothing reaches any more, still
/// acknowledges what the kernel can, so neither `statement_timeout` nor TCP's own timeouts end the wait.
extension Connection {
    /// Outside transactions, where no statement's own bound is known.
    static let standardPatience = Duration.seconds(120)

    /// What the server is given beyond a statement's own bound, to say itself that it is over.
    static let grace = Duration.seconds(5)

    /// The last answer to what was sent, or the refusal in its place; a COPY is answered before its end.
    func answer() throws(DatabaseError) -> Rows {
        let deadline = ContinuousClock.now + patience
        var last: Rows?
        while true {
            try awaitResult(until: deadline)
            guard let result = PQgetResult(handle) else { break }
            let rows = Rows(owning: result)
            // What follows a refusal tells less: only that the session ended.
            if last.map({ PQresultStatus($0.result) != PGRES_FATAL_ERROR }) ?? true { last = rows }
            if PQresultStatus(result) == PGRES_COPY_IN || PQstatus(handle) != CONNECTION_OK { break }
        }
        guard let last else { throw connectionError(handle) }
        return try checked(last, handle)
    }

    /// Sends all that waits to be sent.
    func flush(until deadline: ContinuousClock.Instant) throws(DatabaseError) {
        while true {
            let left = PQflush(handle)
            guard left != 0 else { return }
            guard left > 0 else { throw connectionError(handle) }
            try awaitSocket(Int16(POLLIN | POLLOUT), until: deadline)
            // What the server says meanwhile must be taken, or both would wait for each other.
            try takeInput()
        }
    }

    private func awaitResult(until deadline: ContinuousClock.Instant) throws(DatabaseError) {
        // A session that ended says why in the result that waits.
        guard isOpen, PQisBusy(handle) != 0 else { return }
        do { try flush(until: deadline) } catch where !isAbandoned && PQisBusy(handle) == 0 { return }
        while PQisBusy(handle) != 0 {
            try awaitSocket(Int16(POLLIN), until: deadline)
            guard PQconsumeInput(handle) == 1 else { return }
        }
    }

    private func takeInput() throws(DatabaseError) {
        try postgres(handle, succeeded: { $0 == 1 }) { PQconsumeInput($0) }
    }

    /// Returns early now and then, since libpq may hold what the socket does not show any more.
    private func awaitSocket(_ events: Int16, until deadline: ContinuousClock.Instant) throws(DatabaseError) {
        guard ContinuousClock.now < deadline else {
            abandon()
            let seconds = patience.components.seconds
            throw DatabaseError(.connectionFailure, "PostgreSQL did not answer within \(seconds) s, so the session was given up")
        }
        guard goesOnWaiting() else {
            abandon()
            throw DatabaseError(.connectionFailure, "PostgreSQL did not answer before this process had to end")
        }
        var descriptor = pollfd(fd: socket, events: events, revents: 0)
        _ = poll(&descriptor, 1, Self.sliceMilliseconds)
    }

    private static let sliceMilliseconds: Int32 = 200
}
