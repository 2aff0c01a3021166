package import Policy
internal import Spec
package import Store

/// `org/kind/name`, or `org/kind/name#/field` for one field of it, as people write it. A value.
package struct DriftSubject: Hashable, Sendable {
    package let selection: DriftFindings.Selection

    /// Throws `RequestRefusal` for a text that names no resource.
    package init(_ text: String) throws(RequestRefusal) {
        let parts = text.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let names = (parts.first ?? "").split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)
        guard names.count == 3, names.allSatisfy({ !$0.isEmpty }) else {
            throw RequestRefusal(
                "`\(text.printable)` names no resource", .misworded, hint: "write acme/Budget/team, or -/Model/gpt for the platform's own")
        }
        guard parts.count == 1 || parts[1].isEmpty || parts[1].hasPrefix("/") else {
            throw RequestRefusal("`\(parts[1].printable)` names no field", .misworded, hint: "write \(parts[0].printable)#/spec/hard")
        }
        selection = DriftFindings.Selection(resource: parts[0], pointer: parts.count == 2 ? parts[1] : nil)
    }

    /// Whose it is; nil for the platform's.
    package var org: String? {
        let name = (selection.resource ?? "").prefix { $0 != "/" }
        return name == "-" ? nil : String(name)
    }

    var text: String { (selection.resource ?? "") + (selection.pointer.map { "#\($0)" } ?? "") }
}
