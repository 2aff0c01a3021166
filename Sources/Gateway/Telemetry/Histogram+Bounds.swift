internal import HTTP

extension Histogram {
    /// From 10 ms on, each twice the one before: what OpenTelemetry's GenAI conventions take for durations.
    static let requestSeconds = (0..<14).map { 0.01 * Double(1 << $0) }
    /// From 10 µs on, each twice the one before.
    static let overheadSeconds = (0..<14).map { 0.00001 * Double(1 << $0) }
}
