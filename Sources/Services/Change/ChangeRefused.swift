/// Why a change cannot be asked for, or withdrawn.
package struct ChangeRefused: Error, Hashable, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
}
