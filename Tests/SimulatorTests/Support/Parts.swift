/// Reaches into decoded JSON.
func object(_ value: Any?) -> [String: Any] { value as? [String: Any] ?? [:] }

func list(_ value: Any?) -> [[String: Any]] { value as? [[String: Any]] ?? [] }

extension Reply {
    func choices() throws -> [[String: Any]] { list(try json()["choices"]) }

    func content(_ choice: Int = 0) throws -> String {
        object(try choices()[choice]["message"])["content"] as? String ?? ""
    }

    func usage() throws -> [String: Any] { object(try json()["usage"]) }

    /// The streamed content of one choice.
    func streamedContent(_ choice: Int = 0) throws -> String {
        try chunks().flatMap { list($0["choices"]) }.filter { $0["index"] as? Int == choice }
            .compactMap { object($0["delta"])["content"] as? String ?? $0["text"] as? String }.joined()
    }

    func error() throws -> [String: Any] { object(try json()["error"]) }
}
