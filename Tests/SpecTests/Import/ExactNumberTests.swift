import Testing

@testable import Spec

struct ExactNumberTests {
    @Test(arguments: [
        ("1.25e-06", 18, 1_250_000_000_000), ("0.00000125", 18, 1_250_000_000_000), ("0", 18, 0), ("0.0", 18, 0),
        ("-0", 18, 0), ("1e-18", 18, 1), ("9.223372036854775807", 18, Int64.max), ("10", 12, 10_000_000_000_000),
        ("4096.0", 0, 4096), ("1E3", 0, 1000), ("-2.5", 1, -25), ("0.15", 12, 150_000_000_000),
    ])
    func `takes a number to its last digit`(text: String, power: Int, value: Int64) throws {
        let number = try #require(ExactNumber(text))
        let scaled = try #require(number.scaled(byPowerOfTen: power))
        #expect(scaled.value == value)
        #expect(scaled.isExact)
    }

    @Test(arguments: [
        ("1.6000000000000001e-06", 18, 1_600_000_000_000), ("9.499999999999999e-07", 18, 950_000_000_000),
        ("1.1428571428571428e-06", 18, 1_142_857_142_857), ("0.5", 0, 0), ("1.5", 0, 2), ("2.5", 0, 2),
        ("2.50000000000000000000001", 0, 3), ("0.49999999999999999999999", 0, 0), ("1e-400", 18, 0),
        ("-1.5", 0, -2), ("0.05", 0, 0),
    ])
    func `rounds what is finer half to even, and says so`(text: String, power: Int, value: Int64) throws {
        let number = try #require(ExactNumber(text))
        let scaled = try #require(number.scaled(byPowerOfTen: power))
        #expect(scaled.value == value)
        #expect(!scaled.isExact)
    }

    @Test(arguments: ["9.223372036854775808", "1e99999999999999999999", "10"])
    func `refuses what does not fit`(text: String) throws {
        let number = try #require(ExactNumber(text))
        #expect(number.scaled(byPowerOfTen: 18) == nil)
    }

    @Test(arguments: ["", "-", ".5", "1.", "1e", "1e+", "0x10", "1 ", "NaN", "true", "1,5", "+1"])
    func `takes nothing for a number that JSON does not`(text: String) {
        #expect(ExactNumber(text) == nil)
    }

    @Test func `knows what is whole`() {
        #expect(ExactNumber("2048.0")?.whole == 2048)
        #expect(ExactNumber("128e3")?.whole == 128_000)
        #expect(ExactNumber("0.5")?.whole == nil)
        #expect(ExactNumber("1e30")?.whole == nil)
    }
}
