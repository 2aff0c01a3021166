import HTTP
import Policy
import TestKit
import Testing

@testable import Gateway

@Suite struct TraceSamplerTests {
    private func sampler(_ name: String, _ argument: String? = nil) throws -> TraceSampler {
        try #require(TraceSampler(name: name, argument: argument))
    }

    @Test(arguments: [
        ("always_on", nil, [true, true, true]), ("always_off", nil, [false, false, false]), ("parentbased_always_on", nil, [true, true, false]),
        ("parentbased_always_off", nil, [false, true, false]), ("traceidratio", "1", [true, true, true]), ("traceidratio", "0", [false, false, false]),
        ("traceidratio", nil, [true, true, true]), ("parentbased_traceidratio", "0", [false, true, false]), ("parentbased_traceidratio", "1.0", [true, true, false]),
    ] as [(String, String?, [Bool])])
    func `samples as OpenTelemetry's samplers do`(name: String, argument: String?, expected: [Bool]) throws {
        let sampler = try sampler(name, argument)
        let trace = TraceID(high: 7, low: 0x8000_0000_0000_0000)
        #expect([nil, true, false].map { sampler.samples(trace, parent: $0) } == expected)
    }

    @Test(arguments: [("", nil), ("AlwaysOn", nil), ("traceidratio", ""), ("traceidratio", "-0.1"), ("traceidratio", "1.1"), ("traceidratio", "inf"), ("jaeger_remote", nil)] as [(String, String?)])
    func `knows no others`(name: String, argument: String?) { #expect(TraceSampler(name: name, argument: argument) == nil) }

    @Test func `a share is kept of the traces, the same ones wherever it is asked for`() throws {
        var random = SplitMix(state: 42)
        let traces = (0..<10_000).map { _ in TraceID(high: random.next(), low: random.next()) }
        let (tenth, half) = (try sampler("traceidratio", "0.1"), try sampler("traceidratio", "0.5"))
        let kept = traces.filter { tenth.samples($0, parent: nil) }
        #expect((900...1_100).contains(kept.count))
        #expect(kept.allSatisfy { half.samples($0, parent: nil) })
        // As the SDKs of other languages decide it: by the lower 63 bits above the last.
        #expect(half.samples(TraceID(high: 0, low: 0x7FFF_FFFF_FFFF_FFFF), parent: nil) && !half.samples(TraceID(high: 0, low: 0x8000_0000_0000_0000), parent: nil))
    }
}
