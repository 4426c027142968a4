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

    internal const string ExactNames = "Sqrt, Abs, Min, Max, CopySign, Floor, Ceiling, Truncate, Round, FusedMultiplyAdd and Clamp";

    /// <summary>The operation of a function of <c>Math</c> or <c>MathF</c>, if it is one of the exact ones.</summary>
    internal static Operation? OperationOf(IMethodSymbol method)
        => Exact.TryGetValue(method.Name, out (Operation Operation, int Arity) entry)
            && method.Parameters.Length == entry.Arity
            && method.Parameters.All(parameter => SymbolEqualityComparer.Default.Equals(parameter.Type, method.ReturnType))
            ? entry.Operation
            : null;

    /// <summary>Whether the method rounds with a mode as its second argument.</summary>
    internal static bool IsRoundWithMode(IMethodSymbol method)
        => method.Name == "Round" && method.Parameters.Length == 2 && method.Parameters[1].Type.Name == "MidpointRounding";

    /// <summary>Why a function of <c>Math</c> or <c>MathF</c> cannot be called, and what to do.</summary>
    internal static (string Why, string Advice) Refusal(IMethodSymbol method) => method.Name == "Sign"
        ? ("throws for NaN, returns int and loses the sign of zero", "call RuleMath.Sign, which is total")
        : ("has no exact vector form", $"the exact functions are {ExactNames}; compute others outside the rule and pass them in as a hyperparameter");
}
