internal import Spec

extension FieldNode {
    /// How many leaves the value of this text would have, counted without building it; 0 for what is not JSON.
    static func leafCount(of text: String) -> Int {
        var walk = JSONWalk(text)
        return (try? walk.leafCount()) ?? 0
    }
}

extension JSONWalk {
    /// Steps over one value and counts as ``FieldNode/leafCount`` does.
    fileprivate mutating func leafCount() throws(JSONProblem) -> Int {
        switch peek {
        case UInt8(ascii: "{"):
            guard try enter("{", "}") else { return 1 }
            var count = 0
            repeat {
                _ = try name()
                count += try leafCount()
            } while try continues(to: "}")
            return count
        case UInt8(ascii: "["):
            guard try enter("[", "]") else { return 1 }
            var count = 0
            var hasOnlyScalars = true
            repeat {
                if peek == UInt8(ascii: "{") || peek == UInt8(ascii: "[") { hasOnlyScalars = false }
                count += try leafCount()
            } while try continues(to: "]")
            return hasOnlyScalars ? 1 : count
        default:
            _ = try value()
            return 1
        }
    }
}
