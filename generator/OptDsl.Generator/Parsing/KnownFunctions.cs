using Microsoft.CodeAnalysis;
using OptDsl.Generator.Model;

namespace OptDsl.Generator.Parsing;

/// <summary>The functions a rule may call without their source: the one table of them.</summary>
internal static class KnownFunctions
{
    /// <summary>Functions of <c>Math</c> and <c>MathF</c> that are correctly rounded or exact, and so the same in every width.</summary>
    private static readonly Dictionary<string, (Operation Operation, int Arity)> Exact = new()
    {
        ["Sqrt"] = (Operation.Sqrt, 1),
        ["Abs"] = (Operation.Abs, 1),
        ["Min"] = (Operation.Min, 2),
        ["Max"] = (Operation.Max, 2),
        ["CopySign"] = (Operation.CopySign, 2),
        ["Floor"] = (Operation.Floor, 1),
        ["Ceiling"] = (Operation.Ceiling, 1),
        ["Truncate"] = (Operation.Truncate, 1),
        ["Round"] = (Operation.Round, 1),
        ["FusedMultiplyAdd"] = (Operation.FusedMultiplyAdd, 3),
        ["Clamp"] = (Operation.Clamp, 3),
    };

    /// <summary>Functions that the library has made itself, so that they too are the same in every width and on every machine.</summary>
    private static readonly Dictionary<string, (Operation Operation, int Arity)> Approximate = new()
    {
        ["Exp"] = (Operation.Exp, 1),
        ["Log"] = (Operation.Log, 1),
        ["Log2"] = (Operation.Log2, 1),
        ["Sin"] = (Operation.Sin, 1),
        ["Cos"] = (Operation.Cos, 1),
        ["Tanh"] = (Operation.Tanh, 1),
        ["Atan"] = (Operation.Atan, 1),
        ["Atan2"] = (Operation.Atan2, 2),
        ["Pow"] = (Operation.Pow, 2),
        ["Cbrt"] = (Operation.Cbrt, 1),
        ["Hypot"] = (Operation.Hypot, 2),
    };

    /// <summary>How far an approximate function may be from the exact value, in units of its last place.</summary>
    internal const string ApproximateUlps = "1";

    internal const string ApproximateNames = "Exp, Log, Log2, Sin, Cos, Tanh, Atan, Atan2, Pow, Cbrt and, of RuleMath, Hypot";

    internal const string ExactNames = "Sqrt, Abs, Min, Max, CopySign, Floor, Ceiling, Truncate, Round, FusedMultiplyAdd and Clamp";

    /// <summary>The operation of a function of <c>Math</c> or <c>MathF</c>, if it is one of the exact ones.</summary>
    internal static Operation? OperationOf(IMethodSymbol method)
        => Find(Exact, method);

    /// <summary>The operation of a function of <c>Math</c>, <c>MathF</c> or <c>RuleMath</c>, if it is one of the approximate ones.</summary>
    internal static Operation? ApproximationOf(IMethodSymbol method) => Find(Approximate, method);

    /// <summary>Whether a static method is double's or float's own: those that also Math has do the same.</summary>
    internal static bool IsOfNumbers(IMethodSymbol method) => method.IsStatic && method.ContainingType.SpecialType is SpecialType.System_Double or SpecialType.System_Single;

    /// <summary>Whether a method of double or float says what kind of number its argument is.</summary>
    internal static bool IsClassification(IMethodSymbol method)
        => method.ContainingType.SpecialType is SpecialType.System_Double or SpecialType.System_Single && method is { IsStatic: true, Parameters.Length: 1 }
            && method.Name is "IsNaN" or "IsFinite" or "IsInfinity" or "IsPositiveInfinity" or "IsNegativeInfinity" or "IsNegative" or "IsPositive";

    /// <summary>Whether the method rounds with a mode as its second argument.</summary>
    internal static bool IsRoundWithMode(IMethodSymbol method)
        => method.Name == "Round" && method.Parameters.Length == 2 && method.Parameters[1].Type.Name == "MidpointRounding";

    /// <summary>Why a function of <c>Math</c> or <c>MathF</c> cannot be called, and what to do.</summary>
    internal static (string Why, string Advice) Refusal(IMethodSymbol method) => method.Name == "Sign"
        ? ("throws for NaN, returns int and loses the sign of zero", "call RuleMath.Sign, which is total")
        : ("has no vector form", $"the exact functions are {ExactNames}, the approximate ones {ApproximateNames}; compute others outside the rule and pass them in: one number as a hyperparameter, numbers per parameter as an input marked [PerParameter]");

    private static Operation? Find(Dictionary<string, (Operation Operation, int Arity)> table, IMethodSymbol method)
        => table.TryGetValue(method.Name, out (Operation Operation, int Arity) entry)
            && method.Parameters.Length == entry.Arity
            && method.Parameters.All(parameter => SymbolEqualityComparer.Default.Equals(parameter.Type, method.ReturnType))
            ? entry.Operation
            : null;
}
