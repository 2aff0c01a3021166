import Foundation
import Testing

@testable import Simulator

/// A provider on a port of its own, with a log that tests can read.
final class RunningProvider {
    let provider: SimulatedProvider
    let logPath: String

    init(_ change: (inout SimulatorSettings) -> Void = { _ in }) throws {
        logPath = NSTemporaryDirectory() + "simulator-\(UUID().uuidString).log"
        var settings = SimulatorSettings()
        settings.port = 0
        settings.logPath = logPath
        change(&settings)
        provider = try SimulatedProvider(settings)
    }

    deinit {
        provider.stop()
        try? FileManager.default.removeItem(atPath: logPath)
    }

    var port: UInt16 { provider.port }

    func client(receiveBuffer: Int32? = nil) throws -> ProviderClient {
        try ProviderClient(port: port, receiveBuffer: receiveBuffer)
    }

    func chat(_ members: String = "", text: String = "Say it twice", headers: [String: String] = [:]) throws -> Reply {
        try client().post("/v1/chat/completions", chatBody(members, text: text), headers: headers)
    }

    func log() throws -> [LogLine] {
        let text = try String(contentsOfFile: logPath, encoding: .utf8)
        #expect(text.isEmpty || text.hasSuffix("\n"))
        return try text.split(separator: "\n").map { try JSONDecoder().decode(LogLine.self, from: Data($0.utf8)) }
    }

    /// The log once it has that many lines; waits some seconds at most.
    func log(count: Int) async throws -> [LogLine] {
        let deadline = ContinuousClock.now + .seconds(10)
        while try log().count < count && ContinuousClock.now < deadline { try await Task.sleep(for: .milliseconds(5)) }
        let lines = try log()
        #expect(lines.count == count)
        return lines
    }
}

func chatBody(_ members: String = "", text: String = "Say it twice") -> String {
    let more = members.isEmpty ? "" : "," + members
    return #"{"model":"gpt-4o","messages":[{"role":"user","content":"\#(text)"}]\#(more)}"#
}

struct LogLine: Decodable, Equatable {
    var requestID: String
    var model: String
    var endpoint: String
    var promptTokens: Int
    var completionTokens: Int
    var status: Int
    var stream: Bool
    var complete: Bool

    enum CodingKeys: String, CodingKey {
        case requestID = "request_id"
        case promptTokens = "prompt_tokens"
        case completionTokens = "completion_tokens"
        case model, endpoint, status, stream, complete
    }
}

/// The words of a text, counted as Foundation splits them.
func wordCount(_ text: String) -> Int { text.split(whereSeparator: \.isWhitespace).count }
