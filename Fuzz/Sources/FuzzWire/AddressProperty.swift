internal import Driver

@testable internal import HTTP

/// An address that is taken for an upstream's makes a request that is read as one for it.
enum AddressProperty {
    static func check(_ bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        checkLiteral(text)
        guard let (origin, path) = Origin.parse(text) else { return }
        let again = Origin.parse("\(origin)\(path)")
        Fuzzing.require(again?.origin == origin && again?.path == path, "the same again: \(origin)\(path)")
        let request = OutboundRequest(method: .get, origin: origin, target: path.isEmpty ? "/" : path)
        guard request.isWritable else { return }
        var output = OutputBuffer()
        request.write(to: &output)
        let written = output.withReadable { Array($0) }
        Fuzzing.require(RequestReader.events([written]) == [.request("GET \(request.target) []")], "one request: \(written)")
    }

    /// A literal address keeps its text, and its mapped form is as private as itself.
    private static func checkLiteral(_ text: String) {
        guard let address = NetworkAddress(literal: text, port: 80) else { return }
        let shown = "\(address)"
        Fuzzing.require(!shown.isEmpty, "an address has a text: \(text)")
    }
}
