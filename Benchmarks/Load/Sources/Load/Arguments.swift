import Glibc

/// A command and its `--name value` pairs.
struct Arguments {
    let command: String
    private var values: [String: String] = [:]

    init(_ words: [String]) throws {
        guard let command = words.first else { throw LoadError(reason: usage) }
        self.command = command
        var rest = words.dropFirst()
        while let name = rest.popFirst() {
            guard name.hasPrefix("--"), let value = rest.popFirst() else {
                throw LoadError(reason: "\(name) has no value")
            }
            values[String(name.dropFirst(2))] = value
        }
    }

    func text(_ name: String) -> String? { values[name] }

    func number(_ name: String, else ordinary: Int? = nil) throws -> Int {
        if let value = values[name].flatMap({ Int($0) }) { return value }
        guard let ordinary, values[name] == nil else { throw LoadError(reason: "--\(name) is a number") }
        return ordinary
    }

    func port() throws -> UInt16 { UInt16(truncatingIfNeeded: try number("port")) }

    /// A whole HTTP request: a POST of the file `--body` with the key, or a GET of `--path`.
    func request() throws -> [UInt8] {
        var head = "Host: 127.0.0.1:\(try port())\r\n"
        if let key = values["key"] { head += "Authorization: Bearer \(key)\r\n" }
        guard let file = values["body"] else {
            return Array("GET \(values["path"] ?? "/") HTTP/1.1\r\n\(head)\r\n".utf8)
        }
        let body = try bytes(of: file)
        head += "Content-Type: application/json\r\nContent-Length: \(body.count)\r\n\r\n"
        return Array("POST \(values["path"] ?? "/v1/chat/completions") HTTP/1.1\r\n\(head)".utf8) + body
    }

    private func bytes(of path: String) throws -> [UInt8] {
        let file = open(path, O_RDONLY)
        guard file >= 0 else { throw LoadError(reason: "\(path): \(String(cString: strerror(errno)))") }
        defer { close(file) }
        var all: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 65536)
        while case let count = read(file, &piece, piece.count), count > 0 { all += piece[..<count] }
        return all
    }
}
