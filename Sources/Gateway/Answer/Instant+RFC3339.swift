package import Spec

extension Instant {
    /// `2026-12-01T00:00:00Z`, to the second.
    package var rfc3339: String {
        let date = CivilDate(self)
        let second = (milliseconds - date.start.milliseconds) / 1000
        func padded(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(date)T\(padded(second / 3600)):\(padded(second / 60 % 60)):\(padded(second % 60))Z"
    }
}
