import Crypto
import Foundation
import HTTP
import Policy
import Spec
import Testing

@testable import Gateway

/// That the time of a refusal tells nothing of how near a key was: Welch's t-test over two sorts of wrong keys, the first of
/// which shares nothing with the right one and the second all but the last three bytes (Reparaz et al., "Dude, is my code constant time?").
@Suite struct KeyTimingTests {
    /// Beyond this the two sorts differ with near certainty.
    private static let threshold = 4.5
    private static let count = 20_000

    private static let alphabet = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijlmnopqrstuvwxyz")

    @Test func `the time of a refusal does not tell how much of a key was right`() throws {
        // A difference that is there shows in every round; a machine that is busy with other things may upset one.
        let scores = try (0..<3).map { _ in try Self.scoreOfRefusals() }
        #expect(scores.contains { $0 < Self.threshold }, "\(scores)")
    }

    private static func scoreOfRefusals() throws -> Double {
        let secret = "sk_0123abcd_" + text(49)
        var files = StandardConfiguration.files(openai: 1, groq: 2)
        files[StandardConfiguration.keyPath] = StandardConfiguration.key(spec: "").replacing(Platform.digest, with: SHA256.digest(secret).hex)
        let declared = Specification.load(files.map { SourceFile(path: $0.key, bytes: Array($0.value.utf8)) })
        let snapshot = Snapshot.compile(
            declared.resources.values.map { GovernedResource(unapplied: $0) }, revision: RevisionIdentity(id: 1, commit: "", stateDigest: "")
        ).snapshot
        let now = Instant(milliseconds: 0)
        // Another key each time: where a key's digest falls in the table makes a difference that is one of chance.
        return score { isNear in
            // The same work for both, so that neither finds the processor's caches in another state.
            let (near, far) = (secret.dropLast(3) + text(2) + "-", Substring(text(secret.count)))
            return headers(isNear ? near : far)
        } measured: { headers in
            guard case .success(let key) = PresentedKey.read(headers), case .failure = snapshot.authenticate(key.digest, now: now)
            else { fatalError("a wrong key opens") }
        }
    }

    private static func text(_ count: Int) -> String { String((0..<count).map { _ in alphabet[Int.random(in: alphabet.indices)] }) }

    @Test func `the test finds a comparison that stops at the first difference`() {
        let right = Array(Self.text(61).utf8)
        let (far, near) = (Array(repeating: UInt8(ascii: "-"), count: right.count), right.dropLast() + [UInt8(ascii: "-")])
        let score = Self.score { isNear in isNear ? Array(near) : far } measured: { shown in
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
    private static func score<Input>(_ prepare: (_ isNear: Bool) -> Input, measured: (Input) -> Void) -> Double {
        var generator = SystemRandomNumberGenerator()
        let order = (Array(repeating: false, count: count) + Array(repeating: true, count: count)).shuffled(using: &generator)
        var times: [Bool: [Double]] = [false: [], true: []]
        for isNear in order.prefix(1000) { measured(prepare(isNear)) }
        for isNear in order {
            let input = prepare(isNear)
            let begun = WallClock.monotonicNanoseconds
            measured(input)
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
