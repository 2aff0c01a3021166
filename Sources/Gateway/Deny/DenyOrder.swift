internal import HTTP
internal import Policy
internal import Spec
internal import Store

/// The body of `POST /admin/deny`, read strictly: unknown members are refused.
struct DenyOrder {
    let what: String
    let reason: String
    let actor: String
    let expiresAt: Instant

    init(reading bytes: UnsafeRawBufferPointer, now: Instant) throws(AnswerError) {
        let scan = try JSONScan(body: bytes)
        guard let members = scan.root.object() else { throw AnswerError(.invalidBody, "The body is not a JSON object.") }
        for member in members where !["what", "until", "reason", "actor"].contains(member.name) {
            throw AnswerError(.invalidParameter, "`\(member.name.printable)` is not known here.", param: member.name.printable)
        }
        what = try Self.text(members, "what")
        reason = try Self.text(members, "reason")
        actor = try Self.text(members, "actor")
        expiresAt = try Self.end(try Self.text(members, "until"), now)
    }

    private static func text(_ members: JSONObject, _ name: String) throws(AnswerError) -> String {
        let found: JSONValue?
        do throws(JSONError) { found = try members.only(name) } catch { throw AnswerError(.invalidJSON, "`\(name)` is there twice.", param: name) }
        guard let found else { throw AnswerError(.missingParameter, "`\(name)` is required.", param: name) }
        guard let text = found.string(), text.utf8.count <= Override.textBytesMax,
            text.unicodeScalars.contains(where: { !$0.properties.isWhitespace }),
            // PostgreSQL keeps no such character in its texts.
            !text.utf8.contains(0)
        else { throw AnswerError(.invalidParameter, "`\(name)` is not a text of 1 to \(Override.textBytesMax) bytes.", param: name) }
        return text
    }

    /// `2h`, or RFC 3339.
    private static func end(_ text: String, _ now: Instant) throws(AnswerError) -> Instant {
        let length = (try? Duration.parse(text)).map { min($0, Override.lifetimeMax + .seconds(1)) }
        let moment = length.map { Instant(milliseconds: now.milliseconds + $0.wholeMilliseconds) } ?? (try? Instant.parse(text))
        guard let moment, moment > now, moment.milliseconds - now.milliseconds <= Override.lifetimeMax.wholeMilliseconds else {
            throw AnswerError(
                .invalidParameter, "`until` is neither a length such as 2h nor a moment such as 2026-11-22T18:00:00Z within 7 days.", param: "until")
        }
        return moment
    }
}
