/// A `multipart/form-data` body as browsers and SDKs write it.
struct TestForm {
    var parts: [(name: String, file: String?, content: [UInt8])] = []
    var boundary = "----formdata-undici-0123456789"

    var contentType: String { "multipart/form-data; boundary=\(boundary)" }

    func with(_ name: String, _ text: String) -> TestForm {
        var form = self
        form.parts.append((name, nil, Array(text.utf8)))
        return form
    }

    func with(_ name: String, file: String, _ content: [UInt8]) -> TestForm {
        var form = self
        form.parts.append((name, file, content))
        return form
    }

    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        for part in parts {
            var head = "--\(boundary)\r\nContent-Disposition: form-data; name=\"\(part.name)\""
            if let file = part.file { head += "; filename=\"\(file)\"\r\nContent-Type: application/octet-stream" }
            bytes += Array((head + "\r\n\r\n").utf8) + part.content + Array("\r\n".utf8)
        }
        return bytes + Array("--\(boundary)--\r\n".utf8)
    }
}
