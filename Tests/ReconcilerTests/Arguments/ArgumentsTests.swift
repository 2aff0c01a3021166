import Testing

@testable import Reconciler

struct ArgumentsTests {
    private let flags = [
        Flag("repo", "PATH", environment: "CHARTER_REPOSITORY", help: ""),
        Flag("branch", "NAME", fallback: "main", help: ""),
        Flag("poll", "TIME", letter: "p", help: ""), Flag(switch: "json", help: ""),
    ]

    private func parse(_ words: String..., environment: [String: String] = [:], positionals: Int = 0) throws
        -> Arguments
    {
        try Arguments.parse(words, flags: flags, positionalsMax: positionals, environment: environment)
    }

    @Test func `reads both spellings of a value, switches and words`() throws {
        let arguments = try parse("--repo=/a=b", "--json", "word", "--branch", "x", positionals: 1)
        #expect(arguments.value("repo") == "/a=b")
        #expect(arguments.value("branch") == "x")
        #expect(arguments.has("json"))
        #expect(arguments.positionals == ["word"])
        for words in [["-p", "1s"], ["-p=1s"], ["--poll", "1s"]] {
            #expect(try Arguments.parse(words, flags: flags).value("poll") == "1s", "\(words)")
        }
        #expect(throws: UsageError.wrong("--poll is given twice", hint: nil)) { try parse("-p", "1s", "--poll", "2s") }
    }

    @Test func `the flag goes before the environment, and that before the fallback`() throws {
        #expect(try parse(environment: ["CHARTER_REPOSITORY": "/e"]).value("repo") == "/e")
        #expect(try parse("--repo", "/f", environment: ["CHARTER_REPOSITORY": "/e"]).value("repo") == "/f")
        #expect(try parse(environment: ["CHARTER_REPOSITORY": ""]).value("repo") == nil)
        #expect(try parse().value("branch") == "main")
    }

    private static let mistakes: [(words: [String], message: String, hint: String?)] = [
        (["--rebo", "x"], "unknown flag --rebo", "did you mean --repo?"), (["--zzzzzz"], "unknown flag --zzzzzz", nil),
        (["--bra", "x"], "unknown flag --bra", "did you mean --branch?"),
        (["--repo="], "--repo is empty", "is the variable set that it comes from?"),
        (["--branch", ""], "--branch is empty", "is the variable set that it comes from?"),
        (["-j"], "unknown flag -j", nil), (["--repo"], "--repo wants a value", "--repo PATH"),
        (["--json=1"], "--json takes no value", nil), (["--json", "--json"], "--json is given twice", nil),
        (["word"], "\"word\" is one word too many", nil), (["--", "--json"], "\"--json\" is one word too many", nil),
    ]

    @Test(arguments: mistakes)
    func `says what is wrong`(words: [String], message: String, hint: String?) {
        #expect(throws: UsageError.wrong(message, hint: hint)) { try Arguments.parse(words, flags: flags) }
    }

    @Test func `help is asked for anywhere`() {
        #expect(throws: UsageError.helpWanted) { try parse("--json", "-h") }
    }

    @Test(arguments: [
        ("500ms", Duration.milliseconds(500)), ("2s", .seconds(2)), ("1m", .seconds(60)), ("1h", .seconds(3600)),
    ])
    func `reads durations`(text: String, duration: Duration) throws {
        #expect(try parse("--poll", text).duration("poll") == duration)
    }

    @Test(arguments: ["s", "5", "-1s", "0s", "1.5s", "99999999999999999999s"])
    func `refuses what is no duration`(text: String) throws {
        let arguments = try parse("--poll=\(text)")
        #expect(throws: UsageError.self) { try arguments.duration("poll") }
    }
}
