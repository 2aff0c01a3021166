/// Bounds on what requests and answers may hold.
package struct Guardrail: Hashable, Sendable {
    package var description: String?
}
