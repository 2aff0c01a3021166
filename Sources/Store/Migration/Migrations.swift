/// The schema of PostgreSQL as an ordered list of steps, and what runs and checks them.
package enum Migrations {
    static let all: [Migration] = [
        .units, .revisions, .resources, .provenance, .history, .proposals, .overrides, .delegatedKeys,
        .usage, .rollups, .shipping, .cells, .audit, .leaders, .gateways, .runtimeSequence, .usageTime,
        .inheritedPlaces, .verifications, .acts, .approvals, .suspensions, .holds, .conditions, .outbox, .indexes, .mirrors,
        .usageDetail, .gitDigests, .cellsOfRoutes, .keyPools, .retention,
        .budgetResets, .driftWrites, .driftFindings, .overridesInForce, .writeBack, .leastPrivilege,
        .overrideElements, .driftAdoptions, .changeEnds, .keyPages, .reserved, .checksums, .driftActs,
    ]

    /// Brings the schema to this program's version and tells which steps it ran.
    ///
    /// Safe to run from many processes at once: the others wait and then find nothing to do.
    @discardableResult
    package static func migrate(_ connection: Connection) throws -> [Migration] {
        try migrate(connection, to: all)
    }

    static func migrate(_ connection: Connection, to steps: [Migration]) throws -> [Migration] {
        try prepare(connection)
        var ran: [Migration] = []
        // One transaction for each step, so that a long list keeps what it has done; the lock is taken anew for each.
        while let step = try runNext(of: steps, connection) {
            ran.append(step)
            Failpoint.betweenMigrations.reach()
        }
        return ran
    }

    /// Refuses a database on which this program may not work.
    package static func check(_ connection: Connection) throws(SchemaMismatch) {
        let applied: [AppliedMigration]
        do {
            applied = try connection.transaction { try AppliedMigration.list($0) }
        } catch let error as DatabaseError {
            switch error.sqlState {
            case .undefinedTable, .invalidSchemaName: throw .notMigrated
            default: throw .database(error)
            }
        } catch {
            throw .database(DatabaseError(.unexpectedAnswer, "\(error)"))
        }
        let pending = try verify(applied, against: all)
        if let last = all.last, !pending.isEmpty {
            throw .behind(version: applied.last?.version ?? 0, wanted: last.version)
        }
    }

    /// The steps not yet run, once those that were are found unchanged.
    static func verify(_ applied: [AppliedMigration], against steps: [Migration]) throws(SchemaMismatch) -> ArraySlice<Migration> {
        for (done, step) in zip(applied, steps) where done.version != step.version || done.checksum != step.checksum {
            throw .changed(version: done.version, name: done.name)
        }
        if let last = applied.last, applied.count > steps.count {
            throw .newer(version: last.version, known: steps.last?.version ?? 0)
        }
        return steps[applied.count...]
    }

    private static func runNext(of steps: [Migration], _ connection: Connection) throws -> Migration? {
        try connection.transaction(timeout: statementTimeout) { transaction in
            try transaction.query("SELECT FROM charter.schema_migration WHERE version = 0 FOR UPDATE")
            let pending = try verify(AppliedMigration.list(transaction), against: steps)
            guard let step = pending.first else { return nil }
            let clock = ContinuousClock()
            let duration = try clock.measure { try transaction.run(script: step.sql) }
            try AppliedMigration.record(step, duration, transaction)
            Failpoint.midMigration.reach()
            return step
        }
    }

    /// Makes the table that remembers the steps, and in it the row whose lock lets one runner work at a time.
    private static func prepare(_ connection: Connection) throws {
        for attempt in 1... {
            do {
                return try connection.transaction { try $0.run(script: AppliedMigration.table) }
            } catch let error as DatabaseError where isRace(error.sqlState) && attempt < RetryPolicy.standard.attempts {
                // IF NOT EXISTS does not keep two sessions from creating the same thing at once; the loser looks again.
                RetryPolicy.standard.pause(after: attempt)
            }
        }
    }

    private static func isRace(_ state: SQLState) -> Bool {
        [.uniqueViolation, .duplicateTable, .duplicateObject, .duplicateSchema].contains(state)
    }

    /// A step may build an index over a large table.
    private static let statementTimeout = Duration.seconds(3600)
}
