import Foundation
import Testing

@testable import Simulator

struct EmbeddingTests {
    private func embed(_ provider: RunningProvider, _ members: String) throws -> Reply {
        try provider.client().post("/v1/embeddings", #"{"model":"text-embedding-3-small",\#(members)}"#)
    }

    private func vectors(_ reply: Reply) throws -> [[Float]] {
        try list(reply.json()["data"]).map { item in
            if let text = item["embedding"] as? String, let data = Data(base64Encoded: text) {
                return data.withUnsafeBytes { bytes in
                    (0..<(bytes.count / 4)).map {
                        Float(
                            bitPattern: UInt32(
                                littleEndian: bytes.loadUnaligned(fromByteOffset: $0 * 4, as: UInt32.self)))
                    }
                }
            }
            return (item["embedding"] as? [Double] ?? []).map(Float.init)
        }
    }

    @Test func `has every member of OpenAI's shape`() throws {
        let provider = try RunningProvider()
        let json = try embed(provider, #""input":["one two","three"],"dimensions":8"#).json()
        #expect(Set(json.keys) == ["object", "data", "model", "usage"])
        #expect(json["object"] as? String == "list")
        let data = list(json["data"])
        #expect(data.map { $0["index"] as? Int } == [0, 1])
        #expect(data.allSatisfy { $0["object"] as? String == "embedding" })
        #expect(object(json["usage"]) as? [String: Int] == ["prompt_tokens": 3, "total_tokens": 3])
    }

    @Test func `vectors have length one and the dimensions asked for`() throws {
        let provider = try RunningProvider()
        for (members, dimensions) in [(#""input":"a""#, 1_536), (#""input":"a","dimensions":3"#, 3)] {
            let vector = try vectors(embed(provider, members))[0]
            #expect(vector.count == dimensions)
            #expect(abs(vector.reduce(0) { $0 + $1 * $1 } - 1) < 1e-4)
        }
    }

    @Test func `base64 and numbers are the same vector`() throws {
        let provider = try RunningProvider()
        let numbers = try vectors(embed(provider, #""input":"a text","encoding_format":"float""#))
        let base64 = try vectors(embed(provider, #""input":"a text","encoding_format":"base64""#))
        #expect(numbers == base64 && numbers[0].count == 1_536)
    }

    @Test func `the same input has the same vector wherever it stands`() throws {
        let provider = try RunningProvider()
        let alone = try vectors(embed(provider, #""input":"b é","dimensions":16"#))
        let among = try vectors(embed(provider, #""input":["a","b \u00e9","c"],"dimensions":16"#))
        #expect(among[1] == alone[0])
        #expect(Set(among).count == 3)
    }

    @Test func `takes token ids, alone and in lists`() throws {
        let provider = try RunningProvider()
        let one = try embed(provider, #""input":[5,6,7],"dimensions":4"#)
        #expect(try one.usage()["prompt_tokens"] as? Int == 3)
        let two = try embed(provider, #""input":[[5,6,7],[8]],"dimensions":4"#)
        #expect(try two.usage()["prompt_tokens"] as? Int == 4)
        #expect(try vectors(two)[0] == vectors(one)[0])
    }

    @Test(arguments: [
        #""input":[]"#, #""input":{}"#, #""input":[1,"a"]"#, #""input":[[]]"#, #""input":null"#,
        #""input":"a","dimensions":0"#,
        #""input":"a","dimensions":4000"#, #""input":"a","encoding_format":"hex""#, #""dimensions":4"#,
    ])
    func `refuses what is no input`(members: String) throws {
        let provider = try RunningProvider()
        let reply = try embed(provider, members)
        #expect(reply.status == 400)
        #expect(try reply.error()["type"] as? String == "invalid_request_error")
    }
}
