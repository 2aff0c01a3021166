/// Why what an operator asks for cannot be done.
package struct RequestRefusal: Error, Hashable, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
}
