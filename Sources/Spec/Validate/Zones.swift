// Foundation, not FoundationEssentials: the latter alone knows no zone at all, not even UTC.
internal import Foundation

/// The time zones there are.
enum Zones {
    /// The zone of windows that name none; it needs no table.
    static let standard = "UTC"

    private static let known = Set(TimeZone.knownTimeZoneIdentifiers)

    /// Whether the IANA database has the name; exact, so that what is stored is what calendars are asked for.
    ///
    /// Foundation also reads `PST` and `GMT+2`, which others read otherwise; links that it does not list, such as
    /// `US/Eastern`, have a slash.
    static func contains(_ name: String) -> Bool {
        name == standard || known.contains(name) || name.utf8.contains(UInt8(ascii: "/")) && TimeZone(identifier: name) != nil
    }
}
