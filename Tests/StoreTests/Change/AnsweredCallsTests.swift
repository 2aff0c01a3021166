import Testing

@testable import Store

@Suite struct AnsweredCallsTests {
    private let connection: Connection

    init() throws { connection = try Fixtures.connection() }

    private func question(org: String = "acme", caller: String = "acme/ada", key: String = "k", call: String = "POST /a") -> AnsweredCalls.Question {
        AnsweredCalls.Question(org: org, caller: caller, idempotencyKey: key, call: call)
    }

    private func find(_ question: AnsweredCalls.Question) throws -> String? {
        try connection.transaction { try AnsweredCalls.find($0, question) }
    }

    private func add(_ question: AnsweredCalls.Question, _ answer: String) throws {
        try connection.transaction { try AnsweredCalls.add($0, question, answer: answer) }
    }

    @Test func `an answer is found by its caller and key, and another call with the key is refused`() throws {
        #expect(try find(question()) == nil)
        try add(question(), #"{"a":1}"#)
        #expect(try find(question()) == #"{"a":1}"#)
        for other in [question(org: "globex"), question(caller: "acme/bo"), question(key: "l")] { #expect(try find(other) == nil) }
        #expect(throws: IdempotencyConflict(uid: nil)) { try find(question(call: "POST /b")) }
    }

    @Test func `an answer is kept for a day, and then its key is free`() throws {
        try add(question(), "1")
        try connection.transaction { try $0.query("UPDATE charter.answered_call SET at = at - interval '25 hours'") }
        #expect(try find(question(call: "POST /b")) == nil)
        try add(question(call: "POST /b"), "2")
        #expect(try find(question(call: "POST /b")) == "2")
    }
}
