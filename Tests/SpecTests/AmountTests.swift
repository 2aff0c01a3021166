import Testing

@testable import Spec

@Suite struct AmountTests {
    /// What is written, and the one way to write the same.
    static let limits = [
        ("600 requests/min", "600 requests/min"), ("1 request / minute", "1 requests/min"),
        ("2M tokens/day", "2M tokens/day"),
        ("1.5k requests/h", "1500 requests/hour"), ("50000 requests/month", "50k requests/month"),
        ("20 concurrent", "20 concurrent"),
        ("60 requests/s per model", "60 requests/sec per model"), ("4 concurrent per model", "4 concurrent per model"),
        ("0 requests/min", "0 requests/min"), ("9223372036854775807 tokens/year", "9223372036854775807 tokens/year"),
    ]

    @Test(arguments: limits) func `limits are written back in one way`(text: String, canonical: String) throws {
        #expect(try Limit.parse(text).text == canonical)
        #expect(try Limit.parse(canonical) == Limit.parse(text))
    }

    @Test(arguments: [
        "", "600", "600 requests", "requests/min", "600 requests/fortnight", "-1 requests/min", "600 requests/min!",
        "1e3 requests/min",
        "600 requests/min per key", "9223372036854775808 tokens/day", "10000000000000G tokens/day", "0.5 requests/min",
        "20 concurrent/min",
        "1,000 requests/min", "600 requests/total", "٣ requests/min",
    ]) func `what is no limit is refused`(text: String) {
        #expect(throws: AmountProblem.self) { try Limit.parse(text) }
    }

    @Test(arguments: [
        ("2m tokens/day", "`k`, `M` and `G` multiply"), ("2 M tokens/day", "`k`, `M` and `G` multiply"),
        ("1,000 requests/min", "without signs between them"), ("1_000 requests/min", "without signs between them"),
        ("1e3 requests/min", "write it out"), ("600 USD/day", "a budget"),
    ]) func `other notations of numbers are told how to be written`(text: String, hint: String) throws {
        let problem = try #require(throws: AmountProblem.self) { try Limit.parse(text) }
        #expect(problem.hint?.contains(hint) == true, "\(problem)")
    }

    @Test(arguments: [("5 USD/total", "`50 USD total`"), ("1k$/day", "`USD`"), ("2 M USD/day", "`k`, `M` and `G`"), ("1,000.50 USD/day", "after `.`")])
    func `other notations of allowances are told how to be written`(text: String, hint: String) throws {
        let problem = try #require(throws: AmountProblem.self) { try Allowance.parse(text) }
        #expect(problem.hint?.contains(hint) == true, "\(problem)")
    }

    @Test(arguments: [
        ("250 USD/month", "250 USD/month"), ("0.000000001 USD/day", "0.000000001 USD/day"),
        ("50.00 USD total", "50 USD total"),
        ("1.5k USD/year", "1500 USD/year"), ("2M tokens/day", "2M tokens/day"),
        ("100 requests total", "100 requests total"),
        ("9223372036.854775807 USD total", "9223372036.854775807 USD total"),
    ]) func `allowances are written back in one way`(text: String, canonical: String) throws {
        #expect(try Allowance.parse(text).text == canonical)
    }

    @Test(arguments: [
        "250 USD", "250 EUR/month", "250/month", "0.0000000001 USD/day", "9223372036.854775808 USD total",
        "1.5 tokens/day",
    ])
    func `what is no allowance is refused`(text: String) {
        #expect(throws: AmountProblem.self) { try Allowance.parse(text) }
    }

    @Test(
        arguments: [
            ("0.15 USD/M", 150_000_000_000, "0.15 USD/M"), ("0.01 USD", 10_000_000_000_000_000, "10000 USD/M"),
            ("0.0000001 USD/k", 100_000_000, "0.0001 USD/M"), ("0 USD/M", 0, "0 USD/M"),
            ("0.0000000001 USD/M", 100, "0.0000000001 USD/M"), ("0.0000000000001 USD", 100_000, "0.0000001 USD/M"),
            ("20USD/M", 20_000_000_000_000, "20 USD/M"),
        ] as [(String, Int64, String)]) func `prices are exact`(text: String, raw: Int64, canonical: String) throws
    {
        #expect(try PicoUSDPerMillion.parse(text).rawValue == raw)
        #expect(try PicoUSDPerMillion.parse(text).text == canonical)
        #expect(try PicoUSDPerMillion.parse(canonical).rawValue == raw)
    }

    @Test(arguments: ["0.15", "0.15 EUR/M", "0.0000000000001 USD/M", "99999999 USD/M", "1 USD/T"])
    func `what is no price is refused`(text: String) {
        #expect(throws: AmountProblem.self) { try PicoUSDPerMillion.parse(text) }
    }

    @Test(
        arguments: [
            ("500ms", 500, "500ms"), ("3s", 3000, "3s"), ("1.5s", 1500, "1500ms"), ("2m", 120_000, "2min"),
            ("60s", 60_000, "1min"),
            ("24h", 86_400_000, "1d"), ("0s", 0, "0ms"), ("90 s", 90_000, "90s"),
        ] as [(String, Int64, String)]) func `lengths of time are written in their largest unit`(
            text: String, ms: Int64, canonical: String
        ) throws
    {
        #expect(try Duration.parse(text) == .milliseconds(ms))
        #expect(try Duration.parse(text).text == canonical)
        #expect(try Duration.parse(canonical).wholeMilliseconds == ms)
    }

    @Test(
        arguments: [
            ("1970-01-01", 0, "1970-01-01"), ("2027-02-01", 1_801_440_000_000, "2027-02-01"),
            ("2024-02-29", 1_709_164_800_000, "2024-02-29"),
            ("2027-02-01T01:00:00+01:00", 1_801_440_000_000, "2027-02-01"),
            ("2027-02-01T00:00:00.5Z", 1_801_440_000_500, "2027-02-01T00:00:00.500Z"),
            ("2027-01-31T23:59:59-00:30", 1_801_441_799_000, "2027-02-01T00:29:59Z"),
            ("9999-12-31", 253_402_214_400_000, "9999-12-31"),
        ] as [(String, Int64, String)]) func `moments are milliseconds in UTC`(
            text: String, ms: Int64, canonical: String
        ) throws
    {
        #expect(try Instant.parse(text).milliseconds == ms)
        #expect(Instant(milliseconds: ms).text == canonical)
    }

    @Test(arguments: [
        "2027-02-30", "2027-13-01", "2027-2-1", "2027-02-01T10:00:00", "2027-02-01T24:00:00Z", "2025-02-29",
        "2027-02-01T00:00:00.0001Z",
        "2027-02-01Z", "1969-12-31", "20270201", "2027-02-01T10:00Z",
    ]) func `what is no moment is refused`(text: String) {
        #expect(throws: AmountProblem.self) { try Instant.parse(text) }
    }

    @Test func `every day of four centuries is written as it is read`() throws {
        for day in stride(from: Int64(0), to: 146_097, by: 1) {
            let instant = Instant(milliseconds: day * 86_400_000)
            #expect(try Instant.parse(instant.text) == instant)
        }
    }

    @Test(arguments: [
        ("10.0.0.0/8", "10.0.0.0/8"), ("192.0.2.7", "192.0.2.7/32"), ("0.0.0.0/0", "0.0.0.0/0"),
        ("2001:DB8:0:0:0:0:0:0/32", "2001:db8::/32"),
        ("::1", "::1/128"), ("::/0", "::/0"), ("::ffff:192.0.2.1", "::ffff:c000:201/128"),
        ("2001:db8:0:1:0:0:0:1", "2001:db8:0:1::1/128"),
        ("fe80::/10", "fe80::/10"), ("1:0:2:0:3:0:4:0", "1:0:2:0:3:0:4:0/128"),
    ]) func `networks are written back in one way`(text: String, canonical: String) throws {
        #expect(try Network.parse(text).text == canonical)
        #expect(try Network.parse(canonical) == Network.parse(text))
    }

    @Test(arguments: [
        "", "10.0.0.1/8", "10.0.0/8", "10.0.0.0/33", "010.0.0.0/8", "10.0.0.0/", "10.0.0.0/+8", "1:2:3", ":::", "::1::",
        "12345::", "::g", "1::2::3",
        "1:2:3:4:5:6:7:8:9", "::+1", "1.2.3.4:80", "::1/129", "256.0.0.1",
    ]) func `what is no network is refused`(text: String) {
        #expect(throws: AmountProblem.self) { try Network.parse(text) }
    }

    @Test func `sizes, percentages and digests`() throws {
        #expect(try Size.parse("128k").value == 128_000)
        #expect(try Size.parse("16384").text == "16384")
        #expect(try Percent.parse("95.5%").hundredths == 9550)
        #expect(try Percent.parse("80.00%").text == "80%")
        #expect(throws: AmountProblem.self) { try Percent.parse("80") }
        #expect(throws: AmountProblem.self) { try Size.parse("128 k") }
        let digest = String(repeating: "Ab", count: 32)
        #expect(try HexDigest.parse(digest).text == digest.lowercased())
        #expect(throws: AmountProblem.self) { try HexDigest.parse(String(digest.dropLast())) }
    }

    @Test(arguments: [
        ("*", "", true), ("*", "a/b", true), ("openai/*", "openai/gpt", true), ("openai/*", "openai", false),
        ("*mini*", "gpt-4o-mini-x", true),
        ("a*b*c", "aXbXbXc", true), ("a*b*c", "aXbX", false), ("gpt", "gpt-4", false), ("**", "x", true),
    ]) func `a star stands for any run of characters`(pattern: String, name: String, matches: Bool) {
        #expect(Glob.matches(pattern, name) == matches)
    }
}
