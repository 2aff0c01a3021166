import HTTP
import Policy
import Spec
import Store
import Testing

@testable import Gateway

@Suite struct UsageReportTests {
    private func read(_ text: String) -> Usage? { report(text).usage }

    private func report(_ text: String, within bounds: UsageBounds = .widest) -> (usage: Usage?, flags: UsageFlags) {
        var flags: UsageFlags = []
        let usage = Array(text.utf8).withUnsafeBytes { bytes in
            (try? JSONScan(bytes)).flatMap { UsageReport.read($0.root, within: bounds, noting: &flags) }
        }
        return (usage, flags)
    }

    @Test func `reads both families of names`() {
        #expect(read(#"{"prompt_tokens":3,"completion_tokens":4}"#) == Usage(input: 3, output: 4))
        #expect(read(#"{"input_tokens":3,"output_tokens":4,"output_tokens_details":{"reasoning_tokens":2}}"#)
            == Usage(input: 3, output: 4, reasoning: 2))
        #expect(read(#"{"prompt_tokens":3,"completion_tokens":null}"#) == Usage(input: 3))
    }

    @Test(arguments: [
        #"{"prompt_tokens":9223372036854775807,"completion_tokens":9223372036854775807}"#,
        #"{"prompt_tokens":1,"completion_tokens":16777217}"#, #"{"prompt_tokens":1e30,"completion_tokens":1}"#,
        #"{"prompt_tokens":5.5,"completion_tokens":1}"#, #"{"prompt_tokens":1,"completion_tokens":"7"}"#,
        #"{"completion_tokens":7}"#, #"[]"#,
    ])
    func `does not believe counts that no answer can have`(text: String) {
        #expect(read(text) == nil)
    }

    @Test func `leaves out details that no answer can have, and takes none for more than its whole`() {
        #expect(read(#"{"prompt_tokens":3,"completion_tokens":4,"prompt_tokens_details":{"cached_tokens":9223372036854775807}}"#)
            == Usage(input: 3, output: 4))
        #expect(read(#"{"prompt_tokens":3,"completion_tokens":4,"prompt_tokens_details":{"cached_tokens":9,"audio_tokens":8}}"#)
            == Usage(input: 3, output: 4, cacheRead: 3, other: [.audioInput: 3]))
    }

    @Test func `reads the tokens of sound, pictures and film of both sides`() {
        #expect(read(#"{"prompt_tokens":90,"completion_tokens":80,"prompt_tokens_details":{"audio_tokens":50,"image_tokens":20,"video_tokens":10,"cached_tokens":0},"completion_tokens_details":{"audio_tokens":30,"image_tokens":5,"video_tokens":4,"reasoning_tokens":2,"accepted_prediction_tokens":0}}"#)
            == Usage(
                input: 90, output: 80, reasoning: 2,
                other: [.audioInput: 50, .imageInput: 20, .videoInput: 10, .audioOutput: 30, .imageOutput: 5, .videoOutput: 4]))
        #expect(read(#"{"input_tokens":9,"output_tokens":8,"input_tokens_details":{"audio_tokens":0,"image_tokens":7}}"#)
            == Usage(input: 9, output: 8, other: [.imageInput: 7]))
    }

    @Test(arguments: [
        (#"{"prompt_tokens":3,"completion_tokens":4}"#, UsageFlags(), true),
        (#"{"prompt_tokens":-3,"completion_tokens":4}"#, UsageFlags.negative, false),
        (#"{"prompt_tokens":3,"completion_tokens":-4}"#, UsageFlags.negative, false),
        (#"{"prompt_tokens":3,"completion_tokens":4,"completion_tokens_details":{"reasoning_tokens":-1}}"#, UsageFlags.negative, true),
        (#"{"prompt_tokens":3,"completion_tokens":16777217}"#, UsageFlags.tooLarge, false),
        (#"{"prompt_tokens":9223372036854775808,"completion_tokens":1}"#, UsageFlags.tooLarge, false),
        (#"{"prompt_tokens":3,"completion_tokens":4,"prompt_tokens_details":{"cached_tokens":9223372036854775807}}"#, UsageFlags.tooLarge, true),
        (#"{"prompt_tokens":"3","completion_tokens":4}"#, UsageFlags(), false), (#"{"prompt_tokens":3.5}"#, UsageFlags(), false), ("null", UsageFlags(), false),
    ])
    func `says what is doubtful, and believes no count below zero or too large`(text: String, flags: UsageFlags, isBelieved: Bool) {
        let found = report(text)
        #expect(found.flags == flags)
        #expect((found.usage != nil) == isBelieved)
    }
}
