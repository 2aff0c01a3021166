internal import HTTP
internal import Policy
internal import Spec

extension InferenceBody {
    /// Bounds an output that nothing else bounds, so that it cannot cost more than its budget holds for it.
    mutating func boundOutput(_ tokens: Int64, for target: Target) {
        guard endpoint.writesText, maxOutput == nil else { return }
        outbound.insertBeforeEnd(Array(#","\#(boundName(for: target))":\#(tokens)"#.utf8))
    }

    /// Lowers what the client asks for, or bounds what it did not, to what policy allows; again for every attempt, as models
    /// differ in what they can do.
    mutating func capOutput(_ tokens: Int64, for target: Target) {
        guard endpoint.writesText else { return }
        let names = endpoint == .chatCompletions ? ["max_completion_tokens", "max_tokens"] : ["max_tokens"]
        if maxOutput != nil {
            outbound.patch { scan, patch in
                for name in names where scan[name]?.int().map({ $0 > tokens }) ?? false { patch.set(name, to: String(tokens)) }
            }
        } else {
            let (name, most) = (boundName(for: target), min(tokens, target.model.maxOutput ?? .max))
            outbound.patch { _, patch in
                for other in names where other != name { patch.remove(other) }
                patch.set(name, to: String(most))
            }
        }
    }

    /// OpenAI's reasoning models know only the new name, other servers often only the old one.
    private func boundName(for target: Target) -> String {
        let isNew = endpoint == .chatCompletions && target.provider.spec.dialect == .openai
        return isNew ? "max_completion_tokens" : "max_tokens"
    }
}

extension OutboundBody {
    /// Reads the body again: only what a policy narrows, or what names no model, comes here.
    mutating func patch(_ edit: (JSONScan, inout JSONPatch) -> Void) {
        let patched = bytes.withUnsafeBytes { text -> [UInt8]? in
            guard let scan = try? JSONScan(text), var patch = JSONPatch(scan) else { return nil }
            edit(scan, &patch)
            return patch.bytes()
        }
        guard let patched else { return }
        let model = patched.withUnsafeBytes { text in (try? JSONScan(text))?["model"]?.range }
        guard let model else { return }
        self = OutboundBody(bytes: patched, modelRange: model)
    }
}
