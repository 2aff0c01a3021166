import Foundation
import Testing

@testable import Simulator

struct UnitVectorTests {
    @Test(arguments: [1, 2, 3, 256, 1_536, 3_072])
    func `has length one and the dimensions asked for`(dimensions: Int) {
        for seed in 0..<20 as Range<UInt64> {
            let vector = UnitVector.make(seed: seed, dimensions: dimensions)
            #expect(vector.count == dimensions)
            let length = vector.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
            #expect(abs(length - 1) < 1e-5)
        }
    }

    @Test func `depends on the seed alone`() {
        #expect(UnitVector.make(seed: 5, dimensions: 64) == UnitVector.make(seed: 5, dimensions: 64))
        #expect(UnitVector.make(seed: 5, dimensions: 64) != UnitVector.make(seed: 6, dimensions: 64))
    }

    @Test(arguments: 0..<40)
    func `base64 is what Foundation makes of the same bytes`(count: Int) {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 73 &+ 11) }
        #expect(String(decoding: Base64.encode(bytes), as: UTF8.self) == Data(bytes).base64EncodedString())
    }

    @Test func `encodes components as little-endian floats`() {
        #expect(String(decoding: Base64.encode([1.0, -2.5] as [Float]), as: UTF8.self) == "AACAPwAAIMA=")
    }
}
