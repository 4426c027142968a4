using Microsoft.CodeAnalysis;

namespace OptDsl.Generator.Diagnostics;

/// <summary>Every diagnostic. Its page under docs/diagnostics has its id as its name.</summary>
internal static class DiagnosticDescriptors
{
    internal static readonly DiagnosticDescriptor TypeNotPartial = Error(
        DiagnosticIds.TypeNotPartial, "OptDsl.Declaration", "A rule must be partial",
        "'{0}' is an optimizer but not partial, so its kernel cannot be added to it; add the 'partial' modifier");

    internal static readonly DiagnosticDescriptor ContainingTypeNotPartial = Error(
        DiagnosticIds.ContainingTypeNotPartial, "OptDsl.Declaration", "A type around a rule must be partial",
        "'{0}' contains the optimizer '{1}' but is not partial, so the kernel cannot be added inside it; add the 'partial' modifier to '{0}'");

    internal static readonly DiagnosticDescriptor RuleIsStruct = Error(
        DiagnosticIds.RuleIsStruct, "OptDsl.Declaration", "A rule must not be a struct",
        "'{0}' is a struct, and 'new {0}()' would set every hyperparameter to zero; declare it as a sealed partial class or record");

    internal static readonly DiagnosticDescriptor NotExactlyOneUpdate = Error(
        DiagnosticIds.NotExactlyOneUpdate, "OptDsl.Declaration", "A rule has exactly one update",
        "'{0}' has {1} methods marked [Update], and a rule has exactly one; {2}");

    internal static readonly DiagnosticDescriptor TypeNotSealed = Error(
        DiagnosticIds.TypeNotSealed, "OptDsl.Declaration", "A rule must be a sealed, ordinary type",
        "'{0}' is {1}, but a rule must be a sealed record or class to which its kernel can be added; {2}");

    internal static readonly DiagnosticDescriptor ElementTypeNotSupported = Error(
        DiagnosticIds.ElementTypeNotSupported, "OptDsl.Declaration", "A member must be float or double",
        "'{0}' returns '{1}', but {2}; return double or float");

    internal static readonly DiagnosticDescriptor ElementTypesMixed = Error(
        DiagnosticIds.ElementTypesMixed, "OptDsl.Declaration", "A rule has one element type",
        "'{0}' returns {1} while the update '{2}' returns {3}; declare every member of the rule in {3}");

    internal static readonly DiagnosticDescriptor TwoRoles = Error(
        DiagnosticIds.TwoRoles, "OptDsl.Declaration", "A member has one role",
        "'{0}' is marked both [{1}] and [{2}]; keep one, and add a second method for the other");

    internal static readonly DiagnosticDescriptor ReservedName = Error(
        DiagnosticIds.ReservedName, "OptDsl.Declaration", "A name is reserved",
        "The name '{0}' cannot be used here: {1}; rename it");

    internal static readonly DiagnosticDescriptor LanguageTooOld = Error(
        DiagnosticIds.LanguageTooOld, "OptDsl.Declaration", "The language version or target framework is too old",
        "'{0}' cannot be compiled to a kernel: {1}; {2}");

    internal static readonly DiagnosticDescriptor SignatureNotSupported = Error(
        DiagnosticIds.SignatureNotSupported, "OptDsl.Declaration", "A member's signature is not supported",
        "'{0}' {1}, but a member of a rule is a plain scalar method; {2}");

    internal static readonly DiagnosticDescriptor CompilerTooOld = Error(
        DiagnosticIds.CompilerTooOld, "OptDsl.Declaration", "The compiler is too old to load the generator",
        "The compiler {0} is older than 4.14 and cannot load OptDsl's generator, so no rule would get a kernel; build with the .NET 10 SDK or later");

    internal static readonly DiagnosticDescriptor GeneratorFailed = Error(
        DiagnosticIds.GeneratorFailed, "OptDsl.Declaration", "The generator failed on a rule",
        "OptDsl's generator failed on '{0}', which therefore has no kernel ({1}); this is a bug in the generator: report it with the rule, and write the rule in another way until then");

    internal static readonly DiagnosticDescriptor OtherLanguage = Error(
        DiagnosticIds.OtherLanguage, "OptDsl.Declaration", "A rule is not written in C#",
        "[Optimizer] has no effect in {0}, because OptDsl's generator writes C#, and the rule would have no kernel; move it to a C# project, such as {1}.Rules.csproj, and reference that project from this one");

    internal static readonly DiagnosticDescriptor UnknownInput = Error(
        DiagnosticIds.UnknownInput, "OptDsl.Inputs", "An input has an unknown name",
        "'{0}' in '{1}' is neither a built-in input, such as parameter, gradient or step, nor a member{2}; {3}");

    internal static readonly DiagnosticDescriptor MembersInCycle = Error(
        DiagnosticIds.MembersInCycle, "OptDsl.Inputs", "Members depend on each other",
        "'{0}' depends on its own value in the same step: {1}; {2}");

    internal static readonly DiagnosticDescriptor InputOfWrongType = Error(
        DiagnosticIds.InputOfWrongType, "OptDsl.Inputs", "An input has the wrong type",
        "'{0}' is {1} in '{2}' but its source is {3}; {4}");

    internal static readonly DiagnosticDescriptor NamesNothing = Error(
        DiagnosticIds.NamesNothing, "OptDsl.Inputs", "A name in an attribute is not valid",
        "{0} of '{1}' is '{2}', which {3}; {4}");

    internal static readonly DiagnosticDescriptor NotExactlyOneAveraging = Error(
        DiagnosticIds.NotExactlyOneAveraging, "OptDsl.Inputs", "A running average needs exactly one of Decay, Window and Weight",
        "'{0}' sets {1} of Decay, Window and Weight, but a running average needs exactly one; {2}");

    internal static readonly DiagnosticDescriptor WindowWithCorrection = Error(
        DiagnosticIds.WindowWithCorrection, "OptDsl.Inputs", "An average with a window or weight takes no correction",
        "'{0}' {1}; remove Correction, or use Decay");

    internal static readonly DiagnosticDescriptor ReductionInCycle = Error(
        DiagnosticIds.ReductionInCycle, "OptDsl.Inputs", "A reduction depends on itself within a step",
        "The reduction '{0}' depends on its own value in the same step: {1}; the values that it reduces must be known first, so {2}");

    internal static readonly DiagnosticDescriptor MisplacedAttribute = Error(
        DiagnosticIds.MisplacedAttribute, "OptDsl.Inputs", "An attribute of the rule language is misplaced",
        "[{0}] on '{1}' has no effect here; {2}");

    internal static readonly DiagnosticDescriptor ValueOfNoMember = Error(
        DiagnosticIds.ValueOfNoMember, "OptDsl.Inputs", "An attribute has a value that its enum does not define",
        "{0} of '{1}' is {2}, which is not a member of {3}; choose one of {4}");

    internal static readonly DiagnosticDescriptor CoarseSum = Warning(
        DiagnosticIds.CoarseSum, "OptDsl.Inputs", "A sum adds the same value once per parameter",
        "'{0}' adds up a value that {1}, once for every parameter that it reduces; {2}");

    internal static readonly DiagnosticDescriptor MemberNeverUsed = Warning(
        DiagnosticIds.MemberNeverUsed, "OptDsl.Inputs", "A member is never used",
        "{0}; read it as the input '{1}'{2}");

    internal static readonly DiagnosticDescriptor UpdateIgnoresGradient = Warning(
        DiagnosticIds.UpdateIgnoresGradient, "OptDsl.Inputs", "The update ignores the gradient",
        "'{0}' does not depend on the gradient, not even through a state; add an input 'gradient', or a member that reads it");

    internal static readonly DiagnosticDescriptor DefaultOutOfRange = Warning(
        DiagnosticIds.DefaultOutOfRange, "OptDsl.Inputs", "A default is out of range",
        "The {0} of '{1}' is out of range: {2}; {3}");

    internal static readonly DiagnosticDescriptor DomainIsNoInterval = Error(
        DiagnosticIds.DomainIsNoInterval, "OptDsl.Inputs", "A domain is not an interval",
        "'{0}', the domain of '{1}', is not an interval: {2}; write one such as \"[0, 1)\" or \"(0, inf)\"");

    internal static readonly DiagnosticDescriptor HyperparameterNeverRead = Warning(
        DiagnosticIds.HyperparameterNeverRead, "OptDsl.Inputs", "A hyperparameter is never read",
        "No member of '{1}' reads the hyperparameter '{0}', so setting it changes nothing; read it in the formula that needs it, or remove it");

    internal static readonly DiagnosticDescriptor InputIgnored = Warning(
        DiagnosticIds.InputIgnored, "OptDsl.Inputs", "An input is ignored",
        "'{1}' never uses its input '{0}'{2}; use it in the formula, or remove the parameter");

    internal static readonly DiagnosticDescriptor StateWithoutPast = Info(
        DiagnosticIds.StateWithoutPast, "OptDsl.Inputs", "The previous value of a state is never read",
        "'{0}' is kept from step to step, but nothing reads '{1}'; read it if the formula needs the previous value, or mark '{0}' with [Derived], which takes no memory");

    internal static readonly DiagnosticDescriptor UpdateIgnoresParameter = Warning(
        DiagnosticIds.UpdateIgnoresParameter, "OptDsl.Inputs", "The update ignores the parameter",
        "'{0}' {1} and does not depend on {2}, not even through a state; return 'parameter' plus the change");

    internal static readonly DiagnosticDescriptor ConstructNotSupported = Error(
        DiagnosticIds.ConstructNotSupported, "OptDsl.Translation", "A construct is not supported in a rule",
        "{0} is not supported in a rule, here in '{1}'; {2}");

    internal static readonly DiagnosticDescriptor FunctionWithoutVectorForm = Error(
        DiagnosticIds.FunctionWithoutVectorForm, "OptDsl.Translation", "A function has no vector form",
        "'{0}' {1}; {2}");

    internal static readonly DiagnosticDescriptor Impure = Error(
        DiagnosticIds.Impure, "OptDsl.Translation", "A rule has no side effects",
        "'{0}' {1}, so the result of a step would not depend on its inputs alone; {2}");

    internal static readonly DiagnosticDescriptor Recursion = Error(
        DiagnosticIds.Recursion, "OptDsl.Translation", "A rule cannot recurse",
        "'{0}' calls itself ({1}), and a kernel has no calls; write the recursion out, or carry the value in a [State]");

    internal static readonly DiagnosticDescriptor CalleeWithoutSource = Error(
        DiagnosticIds.CalleeWithoutSource, "OptDsl.Translation", "A called method has no source",
        "'{0}' cannot be inlined: {1}; copy the formula into the rule, or use a function of System.Math");

    internal static readonly DiagnosticDescriptor ValueOfOtherWidth = Error(
        DiagnosticIds.ValueOfOtherWidth, "OptDsl.Translation", "A per-parameter value is wider or narrower than the element",
        "'{0}' converts a per-parameter value from {1} to {2}, but a lane holds {3}; {4}");

    internal static readonly DiagnosticDescriptor CanThrowPerElement = Error(
        DiagnosticIds.CanThrowPerElement, "OptDsl.Translation", "An operation can throw under a per-parameter condition",
        "'{0}' can throw ({1}) under a condition that differs from parameter to parameter, where every lane computes both sides; compute it before the condition, or in floating point");

    internal static readonly DiagnosticDescriptor OutOfReach = Error(
        DiagnosticIds.OutOfReach, "OptDsl.Translation", "The kernel cannot reach what a rule reads",
        "The kernel, which is a part of the rule, cannot read '{0}': {1}; {2}");

    internal static readonly DiagnosticDescriptor FloatRuleWidens = Warning(
        DiagnosticIds.FloatRuleWidens, "OptDsl.Precision", "A float rule widens to double",
        "'{0}' widens a float to double in the float rule '{1}', which then computes in mixed precision; use MathF and the suffix f, or declare the rule in double");

    internal static readonly DiagnosticDescriptor IntegerDivision = Warning(
        DiagnosticIds.IntegerDivision, "OptDsl.Precision", "An integer division drops the remainder",
        "'{0}' divides integers and drops the remainder; if you mean the exact quotient, write a literal such as 1.0 or a cast to double");

    internal static readonly DiagnosticDescriptor FunctionIsApproximate = Info(
        DiagnosticIds.FunctionIsApproximate, "OptDsl.Precision", "A function is approximate",
        "'{0}' is an approximate function: the kernel's result is within {1} ulp of the exact value and may differ from the platform's; call RuleMath.{2} so that the declaration equals the kernel bit for bit");

    internal static readonly DiagnosticDescriptor DivisionReachesZero = Warning(
        DiagnosticIds.DivisionReachesZero, "OptDsl.Numerics", "A division can reach zero",
        "The divisor of '{0}' can be zero, and then {1}; add a positive epsilon to it, bound it with Math.Max, test it in a condition, or declare the [Domain] that keeps it away from zero");

    internal static readonly DiagnosticDescriptor AverageStartsBiased = Warning(
        DiagnosticIds.AverageStartsBiased, "OptDsl.Numerics", "An average starts biased and is read uncorrected",
        "'{0}' starts at zero and is read uncorrected, so its first values are too small; set Correction = BiasCorrection.Published, average over a Window, or set BiasCorrection.None if the bias is intended");

    internal static readonly DiagnosticDescriptor OutsideDomain = Warning(
        DiagnosticIds.OutsideDomain, "OptDsl.Numerics", "A root, logarithm or power outside its domain",
        "'{0}' takes the {1} of a value that can be {2}, which gives NaN or infinity; bound the value with Math.Max, take its absolute value, test it in a condition, or declare the [Domain] that keeps it from being {2}");

    internal static readonly DiagnosticDescriptor UnitsDisagree = Warning(
        DiagnosticIds.UnitsDisagree, "OptDsl.Numerics", "Units disagree",
        "'{0}' {1}: {2}, and {3} (L is the unit of the loss, P that of the parameters); make the factor or constant that carries the unit a hyperparameter, or suppress this warning if it is intended");

    internal static readonly DiagnosticDescriptor ConstantLostInFloat = Warning(
        DiagnosticIds.ConstantLostInFloat, "OptDsl.Precision", "A constant is lost in float",
        "{0} becomes {1} in float, so the rule on a ParameterBuffer<float> differs from its declaration; use a value between 1.5e-45 and 3.4e38 in magnitude, or step buffers of double only");

    internal static readonly DiagnosticDescriptor UpdateAscends = Warning(
        DiagnosticIds.UpdateAscends, "OptDsl.Numerics", "The update follows the gradient uphill",
        "'{0}' {1}, so the loss rises; {2}");

    internal static readonly DiagnosticDescriptor StateGrows = Warning(
        DiagnosticIds.StateGrows, "OptDsl.Numerics", "A state grows without bound",
        "'{0}' keeps {1} times the previous value of '{2}' in every step, so it grows without bound; use a factor between -1 and 1");

    internal static readonly DiagnosticDescriptor LiteralTakesUnit = Info(
        DiagnosticIds.LiteralTakesUnit, "OptDsl.Numerics", "A literal has a unit",
        "'{0}' is added to '{1}', which is in {2} (L is the unit of the loss, P that of the parameters), so it has that unit too; make it a hyperparameter that can be rescaled with the loss");

    internal static readonly DiagnosticDescriptor OneOutcome = Warning(
        DiagnosticIds.OneOutcome, "OptDsl.Numerics", "A condition always has the same outcome",
        "'{0}' {1}; {2}");

    internal static readonly DiagnosticDescriptor CorrectionDoesNotFit = Warning(
        DiagnosticIds.CorrectionDoesNotFit, "OptDsl.Numerics", "A running average is averaged or corrected wrongly",
        "'{0}' {1}; {2}");

    internal static readonly DiagnosticDescriptor BoundsOutOfOrder = Warning(
        DiagnosticIds.BoundsOutOfOrder, "OptDsl.Numerics", "The bounds of a clamp are out of order",
        "'{0}' has its bounds out of order: '{1}', the lower one, is above '{2}', the upper one; swap them");

    internal static readonly DiagnosticDescriptor SignIsLost = Warning(
        DiagnosticIds.SignIsLost, "OptDsl.Numerics", "The update loses the gradient's sign",
        "'{0}' makes the same step for a gradient and for its opposite, so it cannot descend for both; keep the sign, as 'gradient' itself or RuleMath.Sign(gradient) does");

    /// <summary>All of them, by id.</summary>
    internal static readonly DiagnosticDescriptor[] All =
    [
        TypeNotPartial,
        ContainingTypeNotPartial,
        RuleIsStruct,
        NotExactlyOneUpdate,
        TypeNotSealed,
        ElementTypeNotSupported,
        ElementTypesMixed,
        TwoRoles,
        ReservedName,
        LanguageTooOld,
        SignatureNotSupported,
        CompilerTooOld,
        GeneratorFailed,
        OtherLanguage,
        UnknownInput,
        MembersInCycle,
        InputOfWrongType,
        NamesNothing,
        NotExactlyOneAveraging,
        WindowWithCorrection,
        ReductionInCycle,
        MisplacedAttribute,
        MemberNeverUsed,
        UpdateIgnoresGradient,
        DefaultOutOfRange,
        DomainIsNoInterval,
        ValueOfNoMember,
        HyperparameterNeverRead,
        InputIgnored,
        StateWithoutPast,
        UpdateIgnoresParameter,
        CoarseSum,
        ConstructNotSupported,
        FunctionWithoutVectorForm,
        Impure,
        Recursion,
        CalleeWithoutSource,
        ValueOfOtherWidth,
        CanThrowPerElement,
        OutOfReach,
        FloatRuleWidens,
        IntegerDivision,
        FunctionIsApproximate,
        DivisionReachesZero,
        AverageStartsBiased,
        OutsideDomain,
        UnitsDisagree,
        ConstantLostInFloat,
        UpdateAscends,
        StateGrows,
        LiteralTakesUnit,
        OneOutcome,
        CorrectionDoesNotFit,
        BoundsOutOfOrder,
        SignIsLost,
    ];

    /// <summary>An exception in one line.</summary>
    internal static string Words(Exception exception)
        => $"{exception.GetType().Name}: {exception.Message}".Replace('\r', ' ').Replace('\n', ' ');

    private static DiagnosticDescriptor Error(string id, string category, string title, string message)
        => Create(id, category, title, message, DiagnosticSeverity.Error);

    private static DiagnosticDescriptor Warning(string id, string category, string title, string message)
        => Create(id, category, title, message, DiagnosticSeverity.Warning);

    private static DiagnosticDescriptor Info(string id, string category, string title, string message)
        => Create(id, category, title, message, DiagnosticSeverity.Info);

    private static DiagnosticDescriptor Create(string id, string category, string title, string message, DiagnosticSeverity severity)
        => new(id, title, message, category, severity, isEnabledByDefault: true,
            helpLinkUri: $"https://github.com/optdsl/optdsl/blob/main/docs/diagnostics/{id}.md");
}
