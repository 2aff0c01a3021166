import Foundation

/// A line of a simulated provider's log: the truth that the ledger is held against.
struct ServedRequest: Decodable {
    let requestId: String
    let model: String
    let promptTokens: Int64
    let completionTokens: Int64
    let status: Int
    /// Whether the whole answer went out.
    let complete: Bool

    static func read(_ log: String) -> [ServedRequest] {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return log.split(separator: "\n").compactMap { try? decoder.decode(ServedRequest.self, from: Data($0.utf8)) }
    }
}
