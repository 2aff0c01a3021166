import Testing

@testable import Gateway

@Suite struct GatewayStatusTests {
    @Test func `a database that has been silent for long counts as away`() {
        let status = GatewayStatus()
        let now = WallClock.monotonicNanoseconds
        status.update { values in
            values.isDatabaseReachable = true
            values.databaseAnsweredAt = now
        }
        #expect(status.current.isDatabaseReachable)
        status.update { $0.databaseAnsweredAt = now - 60_000_000_000 }
        #expect(!status.current.isDatabaseReachable)
    }
}
