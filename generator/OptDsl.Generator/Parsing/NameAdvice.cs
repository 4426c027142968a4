using Microsoft.CodeAnalysis;
using OptDsl.Generator.Language;

namespace OptDsl.Generator.Parsing;

/// <summary>What an author may have meant by the name of an input that is bound to nothing.</summary>
/// <param name="rule">The rule.</param>
/// <param name="values">Its hyperparameters.</param>
/// <param name="inputs">The names that inputs may have, but for those of past values.</param>
/// <param name="taken">Names that other inputs of the member have.</param>
internal sealed class NameAdvice(INamedTypeSymbol rule, RuleMembers values, IReadOnlyList<string> inputs, HashSet<string> taken)
{
    private static readonly string[] PastPrefixes = [Names.Previous, "prev", "last", "past", "old"];

    // As papers and other libraries write them.
    private static readonly Dictionary<string, string> UsualInputs = new()
    {
        ["grad"] = "gradient",
        ["grads"] = "gradient",
        ["gradients"] = "gradient",
        ["g"] = "gradient",
        ["dw"] = "gradient",
        ["dx"] = "gradient",
        ["param"] = "parameter",
        ["params"] = "parameter",
        ["parameters"] = "parameter",
        ["p"] = "parameter",
        ["theta"] = "parameter",
        ["w"] = "parameter",
        ["weight"] = "parameter",
        ["weights"] = "parameter",
        ["x"] = "parameter",
        ["t"] = "step",
        ["k"] = "step",
        ["n"] = "step",
        ["steps"] = "step",
        ["iteration"] = "step",
        ["iter"] = "step",
        ["time"] = "step",
        ["objective"] = "loss",
        ["cost"] = "loss",
        ["f"] = "loss",
    };

    private static readonly Dictionary<string, string[]> UsualValues = new()
    {
        ["lr"] = ["LearningRate", "Rate"],
        ["eta"] = ["LearningRate", "Rate"],
        ["alpha"] = ["LearningRate", "Rate"],
        ["rate"] = ["LearningRate"],
        ["learningrate"] = ["Rate"],
        ["stepsize"] = ["LearningRate", "Rate"],
        ["eps"] = ["Epsilon"],
        ["wd"] = ["WeightDecay"],
        ["decay"] = ["WeightDecay"],
        ["lambda"] = ["WeightDecay"],
        ["mu"] = ["Momentum", "Decay"],
        ["momentum"] = ["Decay", "Beta"],
        ["b1"] = ["Beta1"],
        ["b2"] = ["Beta2"],
        ["beta"] = ["Beta1"],
    };

    /// <summary>The advice, and the input to read in its place, if it is one.</summary>
    internal (string Text, string? Input) For(string name)
    {
        string plain = Normal(name);
        if (inputs.FirstOrDefault(input => Normal(input) == plain) is { } spelt)
        {
            return Meant(spelt);
        }

        string? prefix = PastPrefixes.FirstOrDefault(prefix => plain.Length > prefix.Length && plain.StartsWith(prefix, StringComparison.Ordinal) && !Values.Any(value => Normal(value) == plain));
        if (prefix is not null)
        {
            // A present value in the place of a past one would compile, and be another rule.
            string rest = plain.Substring(prefix.Length);
            string? input = inputs.FirstOrDefault(input => Normal(input) == rest) ?? UsualInput(rest) ?? Names.Nearest(rest, inputs);
            return input is not null ? Meant(Names.Previous + Names.Pascal(input)) : ("the last step's value of X is read as 'previousX', where X is a member or an input", null);
        }

        if (Values.FirstOrDefault(value => Normal(value) == plain) is { } value)
        {
            return Hyperparameter(value);
        }

        if (rule.GetMembers().OfType<IMethodSymbol>().FirstOrDefault(method => method.MethodKind == MethodKind.Ordinary && Normal(method.Name) == plain && !method.GetAttributes().Any(attribute => KnownTypes.RoleOf(attribute) is not null)) is { } helper)
        {
            return ($"'{helper.Name}' is a method without a role, which has a value only where it is called; mark it with [Derived], [State] or [RunningAverage] to read its value, or call it", null);
        }

        if (UsualInput(plain) is { } usual && !taken.Contains(usual))
        {
            return Meant(usual);
        }

        if (UsualValues.TryGetValue(plain, out string[]? names) && names.FirstOrDefault(other => Values.Contains(other)) is { } known)
        {
            return Hyperparameter(known);
        }

        string? nearest = Names.Nearest(name, inputs.Where(input => !taken.Contains(input)).Concat(Values.Select(Names.Camel)));
        return nearest is null ? ($"name one of {string.Join(", ", inputs)}, or read a hyperparameter by its own name", null)
            : inputs.Contains(nearest) ? Meant(nearest)
            : Hyperparameter(Values.First(other => Names.Camel(other) == nearest));
    }

    private IEnumerable<string> Values => values.All.Select(value => value.Member.Name).Distinct();

    private string? UsualInput(string plain) => UsualInputs.TryGetValue(plain, out string? usual) && inputs.Contains(usual) ? usual : null;

    private (string, string?) Meant(string input) => ($"did you mean '{input}'?", taken.Contains(input) ? null : input);

    private static (string, string?) Hyperparameter(string name) => ($"it is the hyperparameter '{name}': read that as a property, and remove the input", null);

    private static string Normal(string name) => new([.. name.Where(char.IsLetterOrDigit).Select(char.ToLowerInvariant)]);
}
