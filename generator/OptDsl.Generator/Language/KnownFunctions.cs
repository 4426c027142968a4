using Microsoft.CodeAnalysis;
using OptDsl.Generator.Model;

namespace OptDsl.Generator.Language;

/// <summary>The functions a rule may call without their source, found in the table of operations by their symbols.</summary>
internal static class KnownFunctions
{
    /// <summary>How far an approximate function may be from the exact value, in units of its last place.</summary>
    internal const string ApproximateUlps = "1";

    private static readonly Dictionary<string, OperationSpec> ByName = Operations.All.Where(row => row.IsFunction)
        .ToDictionary(row => row.Name);

    /// <summary>The operation of a function of <c>Math</c> or <c>MathF</c>, if it is one of the exact ones.</summary>
    internal static Operation? OperationOf(IMethodSymbol method)
        => Find(method, approximate: false);

    /// <summary>
    /// The operation of a function of <c>Math</c>, <c>MathF</c> or <c>RuleMath</c>, if it is one of the approximate ones.
    /// </summary>
    internal static Operation? ApproximationOf(IMethodSymbol method) => Find(method, approximate: true);

    /// <summary>Whether a static method is double's or float's own: those that also Math has do the same.</summary>
    internal static bool IsOfNumbers(IMethodSymbol method)
        => method.IsStatic && method.ContainingType.SpecialType is SpecialType.System_Double or SpecialType.System_Single;

    /// <summary>Whether a method of double or float says what kind of number its argument is.</summary>
    internal static bool IsClassification(IMethodSymbol method)
        => method.ContainingType.SpecialType is SpecialType.System_Double or SpecialType.System_Single
        && method is { IsStatic: true, Parameters.Length: 1 }
            && method.Name is "IsNaN" or "IsFinite" or "IsInfinity" or "IsPositiveInfinity" or "IsNegativeInfinity" or "IsNegative"
            or "IsPositive";

    /// <summary>Whether the method rounds with a mode as its second argument.</summary>
    internal static bool IsRoundWithMode(IMethodSymbol method)
        => method.Name == "Round" && method.Parameters.Length == 2 && method.Parameters[1].Type.Name == "MidpointRounding";

    /// <summary>Why a function of <c>Math</c> or <c>MathF</c> cannot be called, and what to do.</summary>
    internal static (string Why, string Advice) Refusal(IMethodSymbol method) => method.Name == "Sign"
        ? ("throws for NaN, returns int and loses the sign of zero", "call RuleMath.Sign, which is total")
        : ("has no vector form",
            $"the exact functions are {Listed(row => !row.IsApproximate)}, the approximate ones {Listed(row => row.IsApproximate && !row.IsOfRuleMath)} and, of RuleMath, {Listed(row => row.IsOfRuleMath)}; compute others outside the rule and pass them in: one number as a hyperparameter, numbers per parameter as an input marked [PerParameter]");

    private static Operation? Find(IMethodSymbol method, bool approximate)
        => ByName.TryGetValue(method.Name, out OperationSpec row)
            && row.IsApproximate == approximate
            && method.Parameters.Length == row.Arity
            && method.Parameters.All(parameter => SymbolEqualityComparer.Default.Equals(parameter.Type, method.ReturnType))
            ? row.Operation
            : null;

    /// <summary>The names of functions, as a sentence lists them.</summary>
    private static string Listed(Func<OperationSpec, bool> which)
    {
        string[] names = [.. ByName.Values.Where(which).Select(row => row.Name)];
        return names.Length == 1 ? names[0] : string.Join(", ", names.Take(names.Length - 1)) + " and " + names[names.Length - 1];
    }
}
