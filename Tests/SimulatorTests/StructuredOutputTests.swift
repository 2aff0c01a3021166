import Foundation
import Testing

@testable import Simulator

struct StructuredOutputTests {
    private func sample(_ schema: String, seed: UInt64 = 1) throws -> Any {
        let text = SchemaSample.text(fitting: Array(schema.utf8), seed: seed)
        return try JSONSerialization.jsonObject(with: Data(text), options: .fragmentsAllowed)
    }

    @Test func `answers with JSON that fits the schema, plain and as a stream`() throws {
        let provider = try RunningProvider()
        let format = #""response_format":{"type":"json_schema","json_schema":{"name":"a","strict":true,"schema":{"type":"object","properties":{"say \"it\"":{"type":"string"},"count":{"type":"integer"}}}}}"#
        let reply = try provider.chat(format)
        let text = try reply.content()
        let answer = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
        #expect(answer?["say \"it\""] is String && answer?["count"] is Int)
        #expect(try reply.choices()[0]["finish_reason"] as? String == "stop")
        #expect(try reply.usage()["completion_tokens"] as? Int == wordCount(text))
        #expect(try provider.chat(format + #","stream":true"#).streamedContent() == text)
        #expect(try provider.chat(#""response_format":{"type":"json_object"}"#).content().hasPrefix("{"))
        #expect(try !provider.chat(#""response_format":{"type":"text"}"#).content().hasPrefix("{"))
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func `keeps to bounds, formats, choices and references`(seed: UInt64) throws {
        let schema = ##"""
            {"$defs":{"Side":{"enum":["left","right"]},"Point":{"type":"object","properties":{"x":{"type":"number","minimum":-2,"maximum":-1},
            "side":{"$ref":"#/$defs/Side"}}}},"type":"object","properties":{"point":{"$ref":"#/$defs/Point"},
            "list":{"type":"array","items":{"type":"integer","exclusiveMinimum":5,"exclusiveMaximum":8},"minItems":3,"maxItems":4},
            "maybe":{"anyOf":[{"type":"boolean"},{"type":"null"}]},"kind":{"const":"fixed"},"many":{"type":["null","string"]},
            "short":{"type":"string","maxLength":3},"long":{"type":"string","minLength":60},"day":{"type":"string","format":"date"}}}
            """##
        let value = object(try sample(schema, seed: seed))
        let point = object(value["point"])
        #expect((-2 ... -1).contains(point["x"] as? Double ?? 0))
        #expect(["left", "right"].contains(point["side"] as? String))
        let items = try #require(value["list"] as? [Int])
        #expect(items.count == 3 && items.allSatisfy { $0 == 6 || $0 == 7 })
        #expect(value["maybe"] is Bool)
        #expect(value["kind"] as? String == "fixed")
        #expect(value["many"] is String)
        #expect((value["short"] as? String)?.count == 3)
        #expect((value["long"] as? String)?.count ?? 0 >= 60)
        #expect(value["day"] as? String == "2026-01-31")
    }

    @Test func `comes to an end in a schema that contains itself`() throws {
        let tree = ##"{"$defs":{"Node":{"type":"object","properties":{"name":{"type":"string"},"left":{"$ref":"#/$defs/Node"},"right":{"$ref":"#/$defs/Node"},"all":{"type":"array","items":{"$ref":"#/$defs/Node"}}},"required":["name"]}},"$ref":"#/$defs/Node"}"##
        #expect(object(try sample(tree))["name"] is String)
        let endless = ##"{"type":"object","properties":{"next":{"$ref":"#"}},"required":["next"]}"##
        #expect(try sample(endless) is [String: Any])
        #expect(try sample(#"{"$ref":"https://example.com/other"}"#) is NSNull)
    }
}
