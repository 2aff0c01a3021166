/// Every message's permanent name; a number is never used for anything else. An `Explanation` says what each means.
package enum DiagnosticCode: String, CaseIterable, Sendable {
    // Accepted, with a remark.
    case notEnforced = "CH0901"
    case keyWithoutScopes = "CH0911"
    case keyWithoutSecrets = "CH0912"
    case keyExpired = "CH0913"
    case patternMatchesNothing = "CH0914"
    case thresholdNeverReached = "CH0915"
    case repeatedItem = "CH0916"
    case limitZero = "CH0917"
    case originTooWide = "CH0918"
    case keyWithoutPermission = "CH0921"
    case keyWithoutModels = "CH0922"
    case routeClosed = "CH0923"
    case modelUnpriced = "CH0924"
    case wordNearlyKnown = "CH0931"
    case sizeBeyondContext = "CH0932"
    case credentialUnencrypted = "CH0933"
    case privateAddressClosed = "CH0934"
    case limitNeverReached = "CH0935"
    case includedBeyondLimit = "CH0936"
    case secretNeverOpens = "CH0937"
    case guardrailIdle = "CH0938"
    case patternTooWide = "CH0939"
    case priceIncomplete = "CH0940"
    case ignoreUnused = "CH0951"
    case keyExpiresSoon = "CH0952"
    case namesAlike = "CH0953"
    case definitionUnused = "CH0954"
    case budgetAboveParent = "CH0955"
    case adminMissing = "CH0956"
    case ownerSuspended = "CH0957"
    case defaultsUnused = "CH0958"
    case suspensionOver = "CH0959"

    // People, workflows, agents and the repository's own rules, accepted with a remark.
    case groupEmpty = "CH0941"
    case handoffCircle = "CH0942"
    case stepUnreachable = "CH0943"
    case secretOutOfReach = "CH0944"

    // Files, accepted with a remark.
    case suffixNotRead = "CH0991"
    case warningsNotListed = "CH0992"

    // The text of a file.
    case fileTooLarge = "CH1001"
    case invalidUTF8 = "CH1002"
    case forbiddenCharacter = "CH1003"
    case yamlSyntax = "CH1004"
    case duplicateKey = "CH1005"
    case aliasRefused = "CH1006"
    case tagRefused = "CH1007"
    case mergeKeyRefused = "CH1008"
    case keyNotText = "CH1009"
    case tooDeep = "CH1010"
    case tooManyValues = "CH1011"
    case jsonSyntax = "CH1012"
    case pathRefused = "CH1014"
    case aliasesTooLarge = "CH1015"
    case tagContradicted = "CH1016"
    case yamlVersionRefused = "CH1017"
    case characterConfusable = "CH1018"
    case errorsNotListed = "CH1019"

    // Remarks that silence warnings.
    case ignoreUnknownCode = "CH1025"
    case ignoreOfError = "CH1026"
    case ignoreWithoutReason = "CH1027"
    case ignoreWithoutCode = "CH1028"

    // The envelope of a document.
    case documentNotMapping = "CH1021"
    case apiVersionUnknown = "CH1022"
    case kindUnknown = "CH1023"
    case nameInvalid = "CH1024"

    // Defaults of folders. CH1013 was "not supported yet", and is not used again.
    case defaultsRepeated = "CH1031"
    case defaultsMisplaced = "CH1032"
    case defaultsNamed = "CH1033"
    case defaultsMisspelt = "CH1034"

    // Fields and their values.
    case fieldMissing = "CH1041"
    case fieldUnknown = "CH1042"
    case wrongType = "CH1043"
    case valueMissing = "CH1044"
    case valueUnknown = "CH1045"
    case valueInvalid = "CH1046"
    case amountInvalid = "CH1047"
    case alternativesMixed = "CH1048"
    case alternativeMissing = "CH1049"
    case listEmpty = "CH1050"

    // Inside one resource.
    case weightsAllZero = "CH1061"
    case fallbackIsTarget = "CH1062"
    case stepRepeated = "CH1063"
    case stepUnknown = "CH1064"
    case stepCycle = "CH1065"
    case zoneUnknown = "CH1066"
    case windowReversed = "CH1067"
    case pricesOverlap = "CH1068"
    case targetRepeated = "CH1069"
    case priceStepsUnordered = "CH1070"
    case secretInPlace = "CH1071"
    case headerReserved = "CH1072"
    case fieldOfOtherType = "CH1073"
    case durationsContradict = "CH1074"
    case softAboveHard = "CH1075"
    case startOfOtherWindow = "CH1076"
    case partAboveWhole = "CH1077"
    case mirrorIsTarget = "CH1078"
    case patternRefused = "CH1079"
    case patternTestFailed = "CH1080"
    case patternRepeated = "CH1081"
    case networkClosed = "CH1082"

    // Inside the repository's own rules, a workflow or an agent.
    case signerRepeated = "CH1090"
    case signerUnknown = "CH1091"
    case expressionInvalid = "CH1092"
    case nameUnknown = "CH1093"
    case inputUnknown = "CH1094"
    case outputUnknown = "CH1095"
    case typeMismatch = "CH1096"
    case functionUnknown = "CH1097"
    case stepNotBefore = "CH1098"
    case toolRepeated = "CH1099"

    // Between resources.
    case resourceRepeated = "CH2001"
    case referenceDangling = "CH2002"
    case kindMisplaced = "CH2003"
    case organizationMissing = "CH2004"
    case organizationMisnamed = "CH2005"
    case secretShared = "CH2006"
    case folderNameInvalid = "CH2007"
    case previousNameTaken = "CH2008"
    case modelRepeated = "CH2009"
    case downgradeCycle = "CH2010"
    case refusalUnknown = "CH2011"
    case fallbackCycle = "CH2012"

    // People and ownership, between resources.
    case roleCycle = "CH2041"
    case groupCycle = "CH2042"
    case ownerIsGroup = "CH2043"
    case ruleOwnerUnknown = "CH2044"
    case kindNotOwned = "CH2045"
    case handleMissing = "CH2046"
    case pathNotExpressible = "CH2047"

    // Found when the whole is compiled into a policy.
    case keyTestFailed = "CH3001"

    // Found in a commit itself, when it is to be applied.
    case signatureMissing = "CH4001"
    case signatureBad = "CH4002"
    case signerNotTrusted = "CH4003"
    case signatureNotChecked = "CH4004"
    case signerNotOfPath = "CH4005"
    case commitsNotKnown = "CH4006"

    /// Codes below CH1000 are remarks about what is accepted.
    package var severity: Diagnostic.Severity { rawValue.hasPrefix("CH0") ? .warning : .error }
}
