import Spec
import Store
import Testing

@Suite struct ConditionMarksTests {
    private func mark(_ status: String, _ reason: String, _ since: Int64) -> ConditionMark {
        ConditionMark(unit: "main", name: "Ready", status: status, reason: reason, since: Instant(milliseconds: since))
    }

    @Test func `the time moves with the status and with nothing else`() throws {
        try Fixtures.connection().transaction { transaction in
            try Units.ensure(transaction, name: "main", repository: "/r", folder: "")
            try ConditionMarks.record(transaction, [mark("True", "Ready", 1000)])
            try ConditionMarks.record(transaction, [mark("True", "Ready", 2000)])
            #expect(try ConditionMarks.list(transaction) == [mark("True", "Ready", 1000)])
            try ConditionMarks.record(transaction, [mark("True", "Other", 3000)])
            #expect(try ConditionMarks.list(transaction) == [mark("True", "Other", 1000)])
            try ConditionMarks.record(transaction, [mark("False", "Blocked", 4000)])
            #expect(try ConditionMarks.list(transaction) == [mark("False", "Blocked", 4000)])
        }
    }

    @Test func `a scan keeps when drift began, and when it ended`() throws {
        let connection = try Fixtures.connection()
        func scan(_ resources: Int64) throws -> DriftScan {
            try connection.transaction { transaction in
                try Units.ensure(transaction, name: "main", repository: "/r", folder: "")
                try DriftScans.record(transaction, DriftScan(unit: "main", revision: 1, resources: resources, fields: resources, first: "[]"))
                return try #require(try DriftScans.list(transaction).first)
            }
        }
        /// Times are told to the millisecond, and two scans fit into one.
        func pass(_ moment: Instant) throws { while try clock() <= moment {} }
        func clock() throws -> Instant { try connection.transaction { transaction in try transaction.clock() } }
        let clean = try scan(0).since
        try pass(clean)
        let began = try scan(2).since
        #expect(began > clean)
        let more = try scan(3)
        #expect(more.since == began && more.at >= began && more.resources == 3)
        try pass(began)
        #expect(try scan(0).since > began)
    }
}
