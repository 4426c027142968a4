namespace OptDsl.Generator.Diagnostics;

/// <summary>The permanent ids.</summary>
internal static class DiagnosticIds
{
    internal const string TypeNotPartial = "OPT0001";
    internal const string ContainingTypeNotPartial = "OPT0002";
    internal const string RuleIsStruct = "OPT0003";
    internal const string NotExactlyOneUpdate = "OPT0004";
    internal const string TypeNotSealed = "OPT0005";
    internal const string ElementTypeNotSupported = "OPT0006";
    internal const string ElementTypesMixed = "OPT0007";
    internal const string TwoRoles = "OPT0008";
    internal const string ReservedName = "OPT0009";
    internal const string LanguageTooOld = "OPT0010";
    internal const string SignatureNotSupported = "OPT0011";
    internal const string CompilerTooOld = "OPT0012";
    internal const string GeneratorFailed = "OPT0013";
    internal const string OtherLanguage = "OPT0014";
    internal const string UnknownInput = "OPT1001";
    internal const string MembersInCycle = "OPT1002";
    internal const string InputOfWrongType = "OPT1003";
    internal const string NamesNothing = "OPT1004";
    internal const string NotExactlyOneAveraging = "OPT1005";
    internal const string WindowWithCorrection = "OPT1006";
    internal const string ReductionInCycle = "OPT1007";
    internal const string MisplacedAttribute = "OPT1008";
    internal const string CoarseSum = "OPT1019";
    internal const string MemberNeverUsed = "OPT1009";
    internal const string UpdateIgnoresGradient = "OPT1010";
    internal const string DefaultOutOfRange = "OPT1012";
    internal const string DomainIsNoInterval = "OPT1013";
    internal const string ValueOfNoMember = "OPT1014";
    internal const string HyperparameterNeverRead = "OPT1015";
    internal const string InputIgnored = "OPT1016";
    internal const string StateWithoutPast = "OPT1017";
    internal const string UpdateIgnoresParameter = "OPT1018";
    internal const string ConstructNotSupported = "OPT2001";
    internal const string FunctionWithoutVectorForm = "OPT2002";
    internal const string Impure = "OPT2003";
    internal const string Recursion = "OPT2004";
    internal const string CalleeWithoutSource = "OPT2005";
    internal const string ValueOfOtherWidth = "OPT2006";
    internal const string CanThrowPerElement = "OPT2007";
    internal const string OutOfReach = "OPT2009";
    internal const string FloatRuleWidens = "OPT3001";
    internal const string IntegerDivision = "OPT3002";
    internal const string FunctionIsApproximate = "OPT3003";
    internal const string DivisionReachesZero = "OPT3005";
    internal const string AverageStartsBiased = "OPT3006";
    internal const string OutsideDomain = "OPT3007";
    internal const string UnitsDisagree = "OPT3008";
    internal const string ConstantLostInFloat = "OPT3010";
    internal const string UpdateAscends = "OPT3011";
    internal const string StateGrows = "OPT3012";
    internal const string LiteralTakesUnit = "OPT3013";
}
