import HTTP
import TestKit
import Testing

extension CorpusCase: CustomTestStringConvertible {
    package var testDescription: String { "\(row): \(name)" }
}

extension CorpusCase {
    /// Places at which a case is cut in two, at most about this many: all of a short one.
    private static let cutsMax = 400
    /// Of a longer one all these at either end, and some between.
    private static let cutsAtEnds = 100
    /// Pieces in which a case is sent: single bytes, or of a longer one as few as it takes.
    private static let piecesMax = 1000

    /// Those of a server but for what a test of many pieces on a busy machine would meet.
    static var limits: HTTPLimits {
        var limits = HTTPLimits()
        limits.requestsPerConnectionMax = .max
        limits.headTimeout = .seconds(120)
        limits.bodyRatePeriod = .seconds(120)
        return limits
    }

    /// The case cut in two at every place, or at many.
    var halves: [[[UInt8]]] {
        let ends = Self.cutsAtEnds
        let places = wire.count <= Self.cutsMax ? [Int](1..<max(1, wire.count)) : [Int](1..<ends)
            + [Int](stride(from: ends, to: wire.count - ends, by: max(1, (wire.count - 2 * ends) / (Self.cutsMax - 2 * ends))))
            + [Int]((wire.count - ends)..<wire.count)
        return places.map { [[UInt8](wire[..<$0]), [UInt8](wire[$0...])] }
    }

    /// The case byte by byte.
    var pieces: [[UInt8]] {
        let count = max(1, wire.count / Self.piecesMax)
        return stride(from: 0, to: wire.count, by: count).map { [UInt8](wire[$0..<min($0 + count, wire.count)]) }
    }
}
