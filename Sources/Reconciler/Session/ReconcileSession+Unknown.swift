internal import Glibc
internal import Store

/// What became of a COMMIT that was not answered.
extension ReconcileSession {
    /// Goes on only where the revision is in the database; else all is done again, as nothing of it was written.
    func requireRecorded(_ revision: Revision?, or unknown: DatabaseError) throws {
        guard let revision else { throw unknown }
        guard try whenDatabaseIsBack({ try isRecorded(revision) }) else {
            throw Trouble.retryAfter(.zero, "revision \(revision.id) did not take effect: \(unknown.message)")
        }
    }

    /// Waits for the unit's row first, which the lost session holds as long as it may still commit.
    private func isRecorded(_ revision: Revision) throws -> Bool {
        try connection.transaction { transaction in
            try Units.lock(transaction, name: unit)
            guard let found = try Revisions.one(transaction, revision.id) else { return false }
            return (found.unit, found.commit, found.stateDigest) == (revision.unit, revision.commit, revision.stateDigest)
        }
    }

    private func whenDatabaseIsBack<Value>(_ look: () throws -> Value) throws -> Value {
        let end = ContinuousClock.now + Self.comebackTime
        while true {
            do { return try look() } catch let error as DatabaseError {
                guard ContinuousClock.now < end, connection.goesOnWaiting() else { throw error }
                usleep(Self.comebackPause)
            }
        }
    }

    /// A server that is restarted takes a few seconds.
    private static let comebackTime = Duration.seconds(15)
    private static let comebackPause: UInt32 = 250_000
}
