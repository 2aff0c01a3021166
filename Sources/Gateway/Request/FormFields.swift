internal import HTTP

/// The fields of a form that the gateway reads. Each must be there once, as a text and not as a file: the provider might read
/// another one.
struct FormFields {
    let scan: MultipartScan

    init(_ bytes: UnsafeRawBufferPointer, _ headers: Headers) throws(AnswerError) {
        guard let boundary = MultipartBoundary(headers) else {
            throw AnswerError(.invalidBody, "The body is no `multipart/form-data` with a boundary.")
        }
        do throws(MultipartError) {
            scan = try MultipartScan(bytes, boundary)
        } catch {
            throw AnswerError(.invalidBody, "The form cannot be read: \(error).")
        }
    }

    struct Text {
        var value: String
        /// Where it stands in the form.
        var range: Range<Int>
    }

    func text(_ name: String) throws(AnswerError) -> Text? {
        guard let part = try only(name) else { return nil }
        guard !part.isFile, let value = String(validating: scan.bytes[part.content], as: UTF8.self) else {
            throw AnswerError(.invalidParameter, "`\(name)` is not a text.", param: name)
        }
        return Text(value: value, range: part.content)
    }

    func requiredText(_ name: String) throws(AnswerError) -> Text {
        guard let text = try text(name) else { throw AnswerError(.missingParameter, "`\(name)` is required.", param: name) }
        guard !text.value.isEmpty else { throw AnswerError(.invalidParameter, "`\(name)` is not a text.", param: name) }
        return text
    }

    func count(_ name: String, atMost most: Int64) throws(AnswerError) -> Int? {
        guard let text = try text(name) else { return nil }
        guard let count = Int64(text.value), (1...most).contains(count), text.value.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { throw InferenceBody.outOfRange(name, 1...most) }
        return Int(count)
    }

    /// Bytes of the one file of that name.
    func requiredFile(_ name: String) throws(AnswerError) -> UnsafeRawBufferPointer {
        guard let part = try only(name), part.isFile else { throw AnswerError(.missingParameter, "`\(name)` is required, as a file.", param: name) }
        return UnsafeRawBufferPointer(rebasing: scan.bytes[part.content])
    }

    /// How many files there are of any of these names.
    func fileCount(_ names: String...) -> Int { scan.parts.reduce(0) { $0 + ($1.isFile && names.contains($1.name) ? 1 : 0) } }

    private func only(_ name: String) throws(AnswerError) -> MultipartPart? {
        do { return try scan.only(name) } catch { throw AnswerError(.invalidParameter, "`\(name)` is there twice.", param: name) }
    }
}
