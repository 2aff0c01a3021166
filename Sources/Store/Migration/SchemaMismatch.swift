/// Why this program may not work on a database.
package enum SchemaMismatch: Error, Hashable, Sendable, CustomStringConvertible {
    /// The database has not been prepared at all.
    case notMigrated
    /// Steps of this program are missing in the database; `charter migrate` runs them.
    case behind(version: Int64, wanted: Int64)
    /// A newer program has changed the database.
    case newer(version: Int64, known: Int64)
    /// A step in the database has another text than this program's step of the same number.
    case changed(version: Int64, name: String)
    case database(DatabaseError)

    package var description: String {
        switch self {
        case .notMigrated: "the database has no Charter schema; run `charter migrate`"
        case .behind(let version, let wanted):
            "the database's schema is at version \(version) and this program needs \(wanted); run `charter migrate`"
        case .newer(let version, let known):
            "the database's schema is at version \(version) and this program knows only \(known); run a newer Charter"
        case .changed(let version, let name):
            "schema step \(version) (\(name)) in the database differs from this program's; it was changed after it was run"
        case .database(let error): error.description
        }
    }
}
