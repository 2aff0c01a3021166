internal import Spec

/// What each meter costs, in trillionths of a US dollar per million units.
///
/// A class, as it is looked at for every answer and never changes.
final class Rates: Sendable {
    let input: Int64
    let output: Int64
    let cacheRead: Int64?
    let cacheWrite: Int64?
    let reasoning: Int64?
    let request: Int64
    /// Tokens of sound, pictures and film that a usage counts within its input.
    let inputParts: [Price]
    /// The same within its output.
    let outputParts: [Price]
    /// What a usage counts beside tokens.
    let others: [Price]

    struct Price: Sendable {
        let meter: Meter
        let price: Int64
    }

    init(_ meters: [Meter: PicoUSDPerMillion]) {
        func price(_ meter: Meter) -> Int64? { meters[meter].map { max(0, $0.rawValue) } }
        func parts(_ parts: [Meter], otherwise common: [Meter: Meter] = [:]) -> [Price] {
            parts.compactMap { meter in
                (price(meter) ?? common[meter].flatMap(price)).map { Price(meter: meter, price: $0) }
            }
        }
        input = price(.input) ?? 0
        output = price(.output) ?? 0
        cacheRead = price(.cacheRead)
        cacheWrite = price(.cacheWrite)
        reasoning = price(.reasoning)
        request = price(.request) ?? 0
        inputParts = parts(Meter.inputParts, otherwise: [.audioInput: .audio])
        outputParts = parts(Meter.outputParts, otherwise: [.audioOutput: .audio])
        others = parts(meters.keys.filter { !Self.own.contains($0) }.sorted { $0.rawValue < $1.rawValue })
    }

    func price(of part: Meter) -> Int64? {
        (inputParts.first { $0.meter == part } ?? outputParts.first { $0.meter == part } ?? others.first { $0.meter == part })?.price
    }

    private static let own = Set(
        [Meter.input, .output, .cacheRead, .cacheWrite, .reasoning, .request, .audio] + Meter.inputParts + Meter.outputParts)
}

extension Meter {
    /// In the order in which they are taken out of the input.
    static let inputParts: [Meter] = [.audioInput, .imageInput, .videoInput]
    static let outputParts: [Meter] = [.audioOutput, .imageOutput, .videoOutput]
}
