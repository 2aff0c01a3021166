/// How far an open stream has come: written now and then, so that a crash books what was produced.
package struct ProgressRecord: Hashable, Sendable {
    package var id: AttemptID
    /// Tokens of output relayed so far, as far as they can be judged.
    package var outputPieces: Int64

    package init(id: AttemptID, outputPieces: Int64) {
        self.id = id
        self.outputPieces = outputPieces
    }

    init(from decoder: inout RecordDecoder) throws(RecordFault) {
        let decision = try decoder.decision()
        id = AttemptID(decision: decision, attempt: try decoder.byte())
        outputPieces = try decoder.signed()
    }

    func encode(into encoder: inout RecordEncoder) {
        encoder.put(id.decision)
        encoder.put(byte: id.attempt)
        encoder.put(outputPieces)
    }
}
