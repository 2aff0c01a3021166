internal import Spec

/// Why a change request is not carried out, now or ever.
enum ChangeRefusal: Error, Hashable {
    /// Asking again the same way would be refused again.
    case refused(String, place: Place?)
    /// It may be possible later.
    case postponed(String)

    static func refused(_ reason: String) -> ChangeRefusal { .refused(reason, place: nil) }
}
