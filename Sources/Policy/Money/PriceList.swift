package import Spec

/// The prices of one model from one moment on, in trillionths of a US dollar per million units.
package final class PriceList: Sendable {
    /// Names these prices in a ledger for ever: the catalog's uid and the moment from which they hold.
    package let version: String
    package let effectiveFrom: Instant?
    let input: Int64
    let output: Int64
    let cacheRead: Int64?
    let cacheWrite: Int64?
    let reasoning: Int64?
    let image: Int64
    let request: Int64
    let others: [(meter: Meter, price: Int64)]
    /// Whether it prices anything that every answer reports; by seconds of video alone a request would seem to be free.
    let isCounted: Bool

    package init(_ list: ModelCatalog.PriceList, version: String) {
        func price(_ meter: Meter) -> Int64? { list.meters[meter].map { max(0, $0.rawValue) } }
        self.version = version
        effectiveFrom = list.effectiveFrom
        input = price(.input) ?? 0
        output = price(.output) ?? 0
        cacheRead = price(.cacheRead)
        cacheWrite = price(.cacheWrite)
        reasoning = price(.reasoning)
        image = price(.image) ?? 0
        request = price(.request) ?? 0
        isCounted = [Meter.input, .output, .request].contains { list.meters[$0] != nil }
        others = list.meters.filter { !Self.own.contains($0.key) }
            .map { (meter: $0.key, price: max(0, $0.value.rawValue)) }
            .sorted { $0.meter.rawValue < $1.meter.rawValue }
    }

    private static let own: Set<Meter> = [.input, .output, .cacheRead, .cacheWrite, .reasoning, .image, .request]
}
