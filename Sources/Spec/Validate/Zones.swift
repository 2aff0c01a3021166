// Foundation, not FoundationEssentials: the latter alone knows no zone at all, not even UTC.
internal import Foundation

/// The time zones there are.
enum Zones {
    /// The zone of windows that name none; it needs no table.
    static let standard = "UTC"

    /// Whether the IANA database has the name; exact, so that what is stored is what calendars are asked for.
    static func contains(_ name: String) -> Bool {
        name == standard || TimeZone(identifier: name) != nil
    }
}
