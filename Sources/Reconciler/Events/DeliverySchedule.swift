internal import Spec
internal import Store

/// When a delivery is attempted again, and when it is given up. A value without a clock.
struct DeliverySchedule: Hashable, Sendable {
    var attemptsMax = 8
    /// After the event.
    var within = Duration.seconds(86_400)

    /// Before each attempt but the first (Standard Webhooks, *Example retry schedule*); the last one for any further.
    static let pauses: [Duration] = [
        .seconds(5), .seconds(300), .seconds(1800), .seconds(2 * 3600), .seconds(5 * 3600), .seconds(10 * 3600),
        .seconds(14 * 3600), .seconds(20 * 3600), .seconds(24 * 3600),
    ]

    /// The pause after so many attempts, with up to a tenth more at random, so that what failed together is not tried together;
    /// nil gives it up. `draw` is within 0..<1, `left` the time until it is too late.
    func next(after attempts: Int, left: Duration, atLeast asked: Duration? = nil, draw: Double) -> Duration? {
        guard attempts < attemptsMax, left > Duration.zero else { return nil }
        let usual = Self.pauses[min(max(attempts, 1), Self.pauses.count) - 1] * (1 + draw / 10)
        let pause = max(usual, asked ?? .zero)
        if pause < left { return pause }
        // The last attempt is made while it still may be, unless that is soon after the one before.
        let last = left - Self.margin
        return last > pause / 4 ? last : nil
    }

    /// What a delivery's end keeps from an attempt that begins just before it.
    private static let margin = Duration.seconds(60)

    /// How long a recipient is left alone that was found unwell so many times in a row.
    static func rest(after failures: Int) -> Duration { .seconds(5 << min(max(failures, 0), 6)) }
}

/// What an attempt met with. A value.
enum DeliveryAnswer: Hashable, Sendable {
    case answered(status: Int, retryAfter: Duration?, text: String)
    /// No whole answer came.
    case failed(String)
    /// Nothing was sent, for want of something that may come.
    case unable(String)
}

extension DeliverySchedule {
    /// What becomes of a delivery and its recipient.
    func outcome(of answer: DeliveryAnswer, for delivery: ClaimedDelivery, isWebhook: Bool, draw: Double) -> DeliveryOutcome {
        let left = Duration.milliseconds(delivery.expiresAt.milliseconds - delivery.now.milliseconds)
        func again(_ asked: Duration? = nil) -> DeliveryOutcome.Verdict {
            next(after: delivery.attempts, left: left, atLeast: asked, draw: draw).map { .retry(after: $0) } ?? .giveUp
        }
        let rest = Self.rest(after: delivery.failures)
        switch answer {
        case .unable(let reason): return DeliveryOutcome(again(), answer: reason)
        case .failed(let reason): return DeliveryOutcome(again(), answer: reason, rest: rest)
        case .answered(let status, _, let text) where (200..<300).contains(status):
            return DeliveryOutcome(.delivered, status: status, answer: text)
        case .answered(410, _, let text) where isWebhook:
            return DeliveryOutcome(.disable("it answered 410 Gone, which asks for no more"), status: 410, answer: text)
        case .answered(let status, let retryAfter, let text):
            let asked = retryAfter.map { min($0, Self.retryAfterMax) }
            // Only these say that it is the receiver, and not this one event.
            let isUnwell = status >= 500 || status == 429 || status == 408 || asked != nil
            return DeliveryOutcome(
                again(asked), status: status, answer: (300..<400).contains(status) ? "redirects are not followed" : text,
                rest: isUnwell ? max(rest, asked ?? .zero) : nil)
        }
    }

    /// A receiver may not put its events off for ever.
    private static let retryAfterMax = Duration.seconds(86_400)
}
