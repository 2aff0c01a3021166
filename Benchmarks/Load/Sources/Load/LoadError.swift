/// What keeps a load from being put on at all.
struct LoadError: Error {
    var reason: String
}
