/// A set of permissions from Charter's one vocabulary.
package struct Role: Hashable, Sendable {
    package var description: String?
    package var permissions: [Permission]
    /// Names of Roles whose permissions it has too.
    package var inherits: [String]
}
