import Testing

@testable import Simulator

struct SimulatorSettingsTests {
    @Test func `reads every option in both forms`() throws {
        let settings = try SimulatorSettings(arguments: [
            "--listen", "127.0.0.1:9102", "--loops=2", "--log", "/tmp/x", "--quiet", "--first-token=20ms", "--pace",
            "1.5s",
            "--tokens", "9", "--error-rate=0.25", "--error-status", "503", "--truncate-rate", "0.5",
            "--disconnect-rate=0.5",
            "--seed", "42", "--models=a,b", "--key", "k",
        ])
        var expected = SimulatorSettings()
        expected.host = "127.0.0.1"
        expected.port = 9102
        expected.loops = 2
        expected.logPath = "/tmp/x"
        expected.isQuiet = true
        expected.firstToken = .milliseconds(20)
        expected.pace = .milliseconds(1500)
        expected.tokens = 9
        expected.errorRate = 0.25
        expected.errorStatus = 503
        expected.truncateRate = 0.5
        expected.disconnectRate = 0.5
        expected.seed = 42
        expected.models = ["a", "b"]
        expected.key = "k"
        #expect(settings == expected)
    }

    @Test(arguments: [
        ["--listen", "9101"], ["--listen", "127.0.0.1:99999"], ["--listen"], ["--loops", "0"], ["--pace", "5"],
        ["--pace", "-1s"],
        ["--error-rate", "1.1"], ["--error-rate", "x"], ["--seed", "-1"], ["--unknown", "1"], ["stray"],
        ["--error-status", "200"],
        ["--truncate-rate", "0.6", "--disconnect-rate", "0.6"], ["--first-token", "99h"], ["--tokens", "1e3"],
    ])
    func `refuses what it does not understand`(arguments: [String]) {
        #expect(throws: SettingsError.self) { try SimulatorSettings(arguments: arguments) }
    }

    @Test(arguments: [
        ("0", Duration.zero), ("20ms", .milliseconds(20)), ("1.5s", .milliseconds(1500)), ("250us", .microseconds(250)),
        ("7ns", .nanoseconds(7)), ("2m", .seconds(120)), ("0s", .zero),
    ])
    func `reads durations with their unit`(text: String, expected: Duration) {
        #expect(DurationText.parse(text) == expected)
    }

    @Test(arguments: ["", "5", "ms", "-1ms", "1h", "1 ms ", "nans", "infs", "1e30s", "25000m"])
    func `refuses durations without a unit, negative or endless`(text: String) {
        #expect(DurationText.parse(text) == nil)
    }

    @Test func `the same seed draws the same scenarios at about the rates asked for`() {
        var settings = SimulatorSettings()
        settings.errorRate = 0.2
        settings.truncateRate = 0.1
        settings.disconnectRate = 0.3
        func scenarios() -> [Scenario] {
            var draws = Draws(seed: 99)
            return (0..<5_000).map { _ in Scenario(settings, &draws) }
        }
        let drawn = scenarios()
        #expect(drawn == scenarios())
        func share(_ isMeant: (Scenario) -> Bool) -> Double {
            Double(drawn.filter(isMeant).count) / Double(drawn.count)
        }
        #expect(abs(share { $0.status == 500 } - 0.2) < 0.03)
        #expect(abs(share { if case .truncated = $0.ending { true } else { false } } - 0.1) < 0.03)
        #expect(abs(share { if case .disconnected = $0.ending { true } else { false } } - 0.3) < 0.03)
    }
}
