/// The fields that belong to one connection and are never passed on (RFC 9110 §7.6.1).
enum HopByHop {
    /// Whether a field of that name is about the connection itself or about framing, which each end does for itself.
    static func isConnectionField(_ name: UnsafeRawBufferPointer) -> Bool {
        switch name.count {
        case 2: name.equalsIgnoringCase("te")
        case 7: name.equalsIgnoringCase("trailer") || name.equalsIgnoringCase("upgrade")
        case 10: name.equalsIgnoringCase("connection") || name.equalsIgnoringCase("keep-alive")
        case 14: name.equalsIgnoringCase("http2-settings")
        case 16: name.equalsIgnoringCase("proxy-connection")
        case 17: name.equalsIgnoringCase("transfer-encoding")
        case 18: name.equalsIgnoringCase("proxy-authenticate")
        case 19: name.equalsIgnoringCase("proxy-authorization")
        default: false
        }
    }

    /// Whether whoever writes a message sets a field of that name itself, or leaves it out.
    static func isSetByConnection(_ name: UnsafeRawBufferPointer) -> Bool {
        switch name.count {
        case 4: name.equalsIgnoringCase("host")
        case 14 where name.equalsIgnoringCase("content-length"): true
        default: isConnectionField(name)
        }
    }

    /// Fields that `Connection` cannot take away: what frames a message, says whose it is, or where it goes. A sender
    /// that names them would otherwise decide how the next server reads the message.
    static func isProtected(_ name: UnsafeRawBufferPointer) -> Bool {
        switch name.count {
        case 3: name.equalsIgnoringCase("via")
        case 4: name.equalsIgnoringCase("host") || name.equalsIgnoringCase("date")
        case 6: name.equalsIgnoringCase("cookie") || name.equalsIgnoringCase("expect") || name.equalsIgnoringCase("origin")
        case 7: name.equalsIgnoringCase("api-key")
        case 9: name.equalsIgnoringCase("x-api-key") || name.equalsIgnoringCase("forwarded")
        case 12: name.equalsIgnoringCase("content-type") || name.equalsIgnoringCase("x-request-id")
        case 13: name.equalsIgnoringCase("authorization") || name.equalsIgnoringCase("cache-control")
        case 14: name.equalsIgnoringCase("content-length") || name.equalsIgnoringCase("x-goog-api-key")
        case 16: name.equalsIgnoringCase("content-encoding") || name.equalsIgnoringCase("www-authenticate")
        default: name.count > 12 && name.slice(0..<12).equalsIgnoringCase("x-forwarded-")
        }
    }
}

extension Headers {
    /// Removes the fields of the connection, among them those that `Connection` names and may name.
    mutating func removeConnectionFields() {
        let all = bytes
        all.withUnsafeBytes { all in
            var named: [Range<Int>] = []
            for field in fields where all.slice(field.name).equalsIgnoringCase("connection") {
                all.slice(field.value).forEachListElement { element in
                    // `keep-alive`, the usual element, goes by its own name already.
                    guard !HopByHop.isConnectionField(element), !HopByHop.isProtected(element), let base = all.baseAddress, let start = element.baseAddress
                    else { return }
                    let offset = start - base
                    named.append(offset..<offset + element.count)
                }
            }
            removeFields { name in
                HopByHop.isConnectionField(name) || named.contains { all.slice($0).equalsIgnoringCase(name) }
            }
        }
    }
}
