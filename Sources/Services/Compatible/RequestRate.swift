internal import Spec

/// A number of requests a minute, as bodies give it.
enum RequestRate {
    static let bounds = 1...1_000_000_000

    /// Nil where none is given. Throws for one that no key may have.
    static func given(_ number: Int64?, _ field: String, perModel: Bool = false) throws(Problem) -> Limit? {
        guard let number else { return nil }
        guard bounds.contains(Int(clamping: number)) else {
            throw Problem(.invalidBody, "\(field) is a number of requests a minute, from \(bounds.lowerBound) to \(bounds.upperBound)")
        }
        return Limit(quantity: .requests, amount: number, window: .minute, perModel: perModel)
    }
}
