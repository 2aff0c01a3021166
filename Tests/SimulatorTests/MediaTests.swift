import Foundation
import Testing

@testable import Simulator

/// Endpoints for pictures, sound and judgements of texts; forms are tried through the gateway.
struct MediaTests {
    @Test func `a moderation judges each text in OpenAI's shape`() throws {
        let provider = try RunningProvider()
        let json = try provider.client().post("/v1/moderations", #"{"model":"omni-moderation-latest","input":["one two","three"]}"#).json()
        let results = list(json["results"])
        #expect(results.count == 2)
        #expect(results.allSatisfy { $0["flagged"] as? Bool == false && object($0["categories"]).count == 13 && object($0["category_scores"]).count == 13 })
    }

    @Test(arguments: [("dall-e-3", false), ("gpt-image-1", true)])
    func `images come as many as are asked for, and tell their tokens where OpenAI's do`(model: String, tellsUsage: Bool) throws {
        let provider = try RunningProvider()
        let json = try provider.client().post("/v1/images/generations", #"{"model":"\#(model)","prompt":"a red fox","n":2}"#).json()
        let images = list(json["data"])
        #expect(images.count == 2)
        #expect(images.allSatisfy { Data(base64Encoded: $0["b64_json"] as? String ?? "")?.prefix(4) == Data([0x89, 0x50, 0x4E, 0x47]) })
        #expect((object(json["usage"])["output_tokens"] as? Int) == (tellsUsage ? 544 : nil))
    }

    @Test func `speech has a hundred bytes for each word, in the form that is asked for`() throws {
        let provider = try RunningProvider()
        let reply = try provider.client().post("/v1/audio/speech", #"{"model":"tts-1","input":"one two","voice":"alloy","response_format":"wav"}"#)
        #expect(reply.headers["content-type"] == "audio/wav")
        #expect(reply.body.count == 200)
        let fault = try provider.client().post("/v1/audio/speech", #"{"model":"tts-1","input":"one two"}"#)
        #expect(fault.status == 400)
    }

    @Test func `a form that is none is refused`() throws {
        let provider = try RunningProvider()
        for path in ["images/edits", "images/variations", "audio/transcriptions", "audio/translations"] {
            #expect(try provider.client().post("/v1/" + path, "{}").status == 400)
        }
    }
}
