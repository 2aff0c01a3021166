/// A remark `# charter:ignore CH0911 reason` that silences warnings of one line.
package struct IgnoreDirective: Hashable, Sendable {
    /// Of the remark itself.
    package var place: Place
    /// Unicode scalars from `charter:ignore` to the end of its codes.
    package var length: Int
    package var codes: [Code]
    package var reason: String
    /// The line whose warnings it silences; nil where no line follows.
    package var line: Int?

    package struct Code: Hashable, Sendable {
        package var text: String
        package var column: Int
    }
}
