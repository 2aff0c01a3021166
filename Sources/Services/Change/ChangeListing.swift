internal import Spec
package import Store

/// Changes that were asked for, as a list.
package struct ChangeListing: Sendable {
    package let requests: [ChangeRequest]

    package var text: String {
        guard !requests.isEmpty else { return "No change was asked for." }
        let width = ChangeRequest.State.allCases.map(\.rawValue.count).max() ?? 0
        return requests.map { request in
            let state = request.state.rawValue
            let trouble = request.state == .pending ? request.trouble.map { "  waits: \($0.printable)" } ?? "" : ""
            return "\(request.uid)  \(state)\(String(repeating: " ", count: width - state.count))  \(request.createdAt.iso8601)  "
                + "\(request.asked.caller.printable)  \(request.asked.title.printable)\(trouble)"
        }.joined(separator: "\n")
    }

    package var json: String {
        var text = JSONText(.printable)
        text.object { text in
            text.member("format", 1)
            text.array("changes") { text in for request in requests { request.write(to: &text) } }
        }
        return text.json
    }
}
