internal import Spec
internal import Store

/// Why a change request is not carried out, now or ever.
enum ChangeRefusal: Error, Hashable {
    /// Asking again the same way would be refused again.
    case refused(String, place: Place?)
    /// It may be possible later.
    case postponed(String)

    static func refused(_ reason: String) -> ChangeRefusal { .refused(reason, place: nil) }

    /// Of a change that the caller may not ask for.
    static func forbidden(_ reason: String) -> ChangeRefusal { .refused(ChangeRequest.RefusalWord.forbidden.reason(reason)) }
}
