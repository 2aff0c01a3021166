/// Keys that are minted at runtime, within declared bounds.
package struct KeyPool: Hashable, Sendable {
    package var description: String?
}
