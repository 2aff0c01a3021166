extension Repository {
    /// What the rules of the repository ask that its files alone cannot show, each in one line.
    package var uncheckedOffline: [String] { [] }
}
