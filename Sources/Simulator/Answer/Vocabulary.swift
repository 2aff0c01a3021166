/// The words that simulated answers are made of: plain ASCII, so that they need no escape in JSON.
enum Vocabulary {
    static let words: [[UInt8]] = """
        the a this that each every some any record answer question river garden window letter paper stone bridge \
        morning evening summer winter signal method number pattern reason result measure question market village \
        teacher builder sailor writer carries follows opens closes finds keeps brings turns holds begins \
        quietly slowly often always seldom early late nearby between across under above before after \
        small large bright plain
        """.split(separator: " ").map { Array($0.utf8) }
}
