import Crypto
import Foundation
import HTTP
import Policy
import Spec
import Testing

@testable import Gateway

/// That the time of a refusal tells nothing of how near a key was: Welch's t-test over two sorts of wrong keys, the first of
/// which shares nothing with the right one and the second all but the last byte (Reparaz et al., "Dude, is my code constant time?").
@Suite struct KeyTimingTests {
    /// Beyond this the two sorts differ with near certainty.
    private static let threshold = 4.5
    private static let count = 20_000
    private static let secret = "sk_0123abcd_" + String(repeating: "k", count: 49)

    @Test func `the time of a refusal does not tell how much of a key was right`() throws {
        var files = StandardConfiguration.files(openai: 1, groq: 2)
        files[StandardConfiguration.keyPath] = StandardConfiguration.key(spec: "").replacing(Platform.digest, with: SHA256.digest(Self.secret).hex)
        let declared = Specification.load(files.map { SourceFile(path: $0.key, bytes: Array($0.value.utf8)) })
        let snapshot = Snapshot.compile(
            declared.resources.values.map { GovernedResource(unapplied: $0) }, revision: RevisionIdentity(id: 1, commit: "", stateDigest: "")
        ).snapshot
        let now = Instant(milliseconds: 0)
        // Many of each, so that where one of them lies in memory and in the table says nothing of its sort.
        let alphabet = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijlmnopqrstuvwxyz")
        let far = alphabet.map { _ in Self.headers(String((0..<Self.secret.count).map { _ in alphabet[Int.random(in: alphabet.indices)] })) }
        let near = alphabet.map { Self.headers(Self.secret.dropLast() + String($0)) }
        var turn = 0
        // A difference that is there shows in every round; a machine that is busy with other things may upset one.
        let scores = (0..<3).map { _ in
            Self.score { isNear in
                turn = (turn + 1) % alphabet.count
                guard case .success(let key) = PresentedKey.read(isNear ? near[turn] : far[turn]), case .failure = snapshot.authenticate(key.digest, now: now)
                else { fatalError("a wrong key opens") }
            }
        }
        #expect(scores.contains { $0 < Self.threshold }, "\(scores)")
    }

    @Test func `the test finds a comparison that stops at the first difference`() {
        let right = Array(Self.secret.utf8)
        let (far, near) = (Array(repeating: UInt8(ascii: "x"), count: right.count), right.dropLast() + [UInt8(ascii: "x")])
        let score = Self.score { isNear in
            let shown = isNear ? Array(near) : far
            var isRight = true
            for index in right.indices where right[index] != shown[index] {
                isRight = false
                break
            }
            if isRight { fatalError("a wrong key opens") }
        }
        #expect(score > Self.threshold)
    }

    private static func headers(_ key: some StringProtocol) -> Headers {
        var headers = Headers()
        headers.add("authorization", "Bearer \(key)")
        return headers
    }

    /// |t| of the times of both sorts, in an order by chance and without the slowest tenth, which is the machine's doing.
    private static func score(_ measured: (_ isNear: Bool) -> Void) -> Double {
        var generator = SystemRandomNumberGenerator()
        let order = (Array(repeating: false, count: count) + Array(repeating: true, count: count)).shuffled(using: &generator)
        var times: [Bool: [Double]] = [false: [], true: []]
        for isNear in order.prefix(1000) { measured(isNear) }
        for isNear in order {
            let begun = WallClock.monotonicNanoseconds
            measured(isNear)
            times[isNear, default: []].append(Double(WallClock.monotonicNanoseconds - begun))
        }
        let limit = times.values.flatMap(\.self).sorted()[2 * count * 9 / 10]
        let (far, near) = (moments(times[false, default: []].filter { $0 < limit }), moments(times[true, default: []].filter { $0 < limit }))
        return abs(far.mean - near.mean) / (far.variance / far.count + near.variance / near.count).squareRoot()
    }

    private static func moments(_ times: [Double]) -> (mean: Double, variance: Double, count: Double) {
        let count = Double(times.count)
        let mean = times.reduce(0, +) / count
        return (mean, times.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1), count)
    }
}
