import Crypto
import HTTP
import Synchronization

/// A provider that answers as a test says, with TLS where it is given a certificate.
final class ScriptedProvider: Sendable {
    struct Seen: Sendable {
        var method: String
        var target: String
        var headers: Headers
        var body = ""
    }

    let port: UInt16
    private let thread: LoopThread
    private final class Requests: Sendable { let all = Mutex<[Seen]>([]) }
    private let held: Requests

    /// `answer` is called on the provider's loop when a request's body has come, with the request's number from 0.
    init(
        tls: TLSServerMaterial? = nil, port: UInt16 = 0, _ answer: @escaping @Sendable (Exchange, Int, EventLoop) -> Void
    ) throws {
        let held = Requests()
        let chosen = Mutex<UInt16>(0)
        thread = try LoopThread.start(name: "scripted") { loop in
            let server = try Server(
                loop: loop, listening: ListenAddress(host: "127.0.0.1", port: port), tls: try tls.map { try TLSContext.server($0) }
            ) { [unowned loop] exchange in
                let number = held.all.withLock { all in
                    all.append(Seen(
                        method: exchange.request.method.rawValue, target: exchange.request.target, headers: exchange.request.headers))
                    return all.count - 1
                }
                exchange.collectBody(max: 64 << 20) { body in
                    held.all.withLock { $0[number].body = String(decoding: body, as: UTF8.self) }
                    answer(exchange, number, loop)
                }
            }
            chosen.withLock { $0 = server.port }
        }
        self.port = chosen.withLock { $0 }
        self.held = held
    }

    deinit { stop() }

    func stop() {
        thread.stop()
        thread.join()
    }

    var seen: [Seen] { held.all.withLock { $0 } }
}

extension Exchange {
    /// A whole answer of two tokens.
    func answerChat() {
        respond(
            ResponseHead(status: 200, headers: ["content-type": "application/json"]),
            body: Array(#"{"id":"c","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"a b"},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":2}}"#.utf8))
    }

    func refuse(_ status: Int, _ headers: Headers = [:]) {
        var headers = headers
        headers.add("content-type", "application/json")
        respond(ResponseHead(status: status, headers: headers), body: Array(#"{"error":{"message":"no"}}"#.utf8))
    }

    func beginStream() { begin(ResponseHead(status: 200, headers: ["content-type": "text/event-stream"])) }

    /// One piece of a streamed answer.
    func writePiece(_ text: String) {
        write(Array("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"\(text)\"},\"finish_reason\":null}]}\n\n".utf8))
    }

    func endStream() {
        write(Array("data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n".utf8))
        write(Array("data: {\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":2}}\n\ndata: [DONE]\n\n".utf8))
        end()
    }
}

extension StandardConfiguration {
    /// Two providers, of which the first is at `port` with `spec` of its own.
    static func providers(_ port: UInt16, _ groq: UInt16, spec: String = "", timeouts: String = "{ connect: 1s, firstByte: 5s, idle: 5s }") -> [String: String] {
        let first = """
            apiVersion: charter/v1
            kind: Provider
            metadata: { name: openai }
            spec:
              type: generic
              baseURL: http://127.0.0.1:\(port)/v1
              privateNetwork: true
              timeouts: \(timeouts)
            \(spec)
            """
        return ["providers.yaml": first + "---\n" + provider("groq", groq)]
    }
}
