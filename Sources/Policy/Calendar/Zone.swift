internal import Foundation
internal import Spec

/// A time zone of the IANA database. Foundation is used here and nowhere else in this module.
package struct Zone: Sendable {
    package let name: String
    /// Nil for UTC, which needs no table.
    private let rules: TimeZone?

    package static let utc = Zone(utc: ())

    private init(utc: ()) {
        name = "UTC"
        rules = nil
    }

    /// Nil for a name that the database does not have.
    package init?(name: String) {
        if name == "UTC" {
            self = .utc
            return
        }
        guard let zone = TimeZone(identifier: name) else { return nil }
        self.name = name
        rules = zone
    }

    /// Milliseconds that local clocks are ahead of UTC.
    func offset(at milliseconds: Int64) -> Int64 {
        guard let rules else { return 0 }
        let date = Date(timeIntervalSince1970: Double(milliseconds.dividedDown(by: 1_000)))
        return Int64(rules.secondsFromGMT(for: date)) * 1_000
    }
}
