/// A model with instructions and tools, run by name.
package struct Agent: Hashable, Sendable {
    package var description: String?
}
