using Microsoft.CodeAnalysis;
using OptDsl.Generator.Language;
using OptDsl.Generator.Model;

namespace OptDsl.Generator.Parsing;

/// <summary>What an author may have meant by the name of an input that is bound to nothing.</summary>
/// <param name="rule">The rule.</param>
/// <param name="values">Its hyperparameters.</param>
/// <param name="members">Its members.</param>
/// <param name="reader">The member whose input it is.</param>
/// <param name="inputs">The names that inputs may have, but for those of past values.</param>
/// <param name="taken">Names that other inputs of the member have.</param>
internal sealed class NameAdvice(
    INamedTypeSymbol rule, RuleMembers values, List<MemberDeclaration> members, MemberDeclaration reader, IReadOnlyList<string> inputs,
        HashSet<string> taken)
{
    private static readonly string[] PastPrefixes = [Names.Previous, "prev", "last", "past", "old"];

    // Marks above a letter, which say that it is an estimate or corrected.
    private static readonly string[] Marks = ["hat", "bar", "tilde"];

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
        ["cols"] = "columns",
        ["col"] = "columns",
        ["width"] = "columns",
        ["height"] = "rows",
        ["size"] = "count",
        ["numel"] = "count",
        ["ndim"] = "rank",
    };

    // What a rule does not have by itself, and the attribute that declares it.
    private static readonly Dictionary<string, string> UsualExtras = new()
    {
        ["noise"] = "Gaussian",
        ["gaussian"] = "Gaussian",
        ["normal"] = "Gaussian",
        ["xi"] = "Gaussian",
        ["random"] = "Uniform",
        ["uniform"] = "Uniform",
        ["rademacher"] = "Rademacher",
        ["hessian"] = "PerParameter",
        ["mask"] = "PerParameter",
        ["preconditioner"] = "PerParameter",
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

        // Its own past, by a word alone.
        if (PastPrefixes.Contains(plain) && reader.HasMemory && !Values.Any(value => Normal(value) == plain))
        {
            return Meant(Names.Previous + Names.Pascal(reader.InputName));
        }

        string? prefix = PastPrefixes.FirstOrDefault(prefix => plain.Length > prefix.Length
            && plain.StartsWith(prefix, StringComparison.Ordinal) && !Values.Any(value => Normal(value) == plain));
        if (prefix is not null)
        {
            // A present value in the place of a past one would compile, and be another rule.
            string rest = plain.Substring(prefix.Length);
            string? input = inputs.FirstOrDefault(input => Normal(input) == rest)
                ?? UsualInput(rest) ?? Abbreviated(rest, isPast: true) ?? Names.Nearest(rest, inputs);
            return input is not null ? Meant(Names.Previous + Names.Pascal(input))
                : ("the previous value of X is read as 'previousX', where X is a member or an input", null);
        }

        if (Values.FirstOrDefault(value => Normal(value) == plain) is { } value)
        {
            return Hyperparameter(value);
        }

        if (rule.GetMembers().OfType<IMethodSymbol>()
            .FirstOrDefault(method => method.MethodKind == MethodKind.Ordinary && Normal(method.Name) == plain
                && !method.GetAttributes().Any(attribute => KnownTypes.RoleOf(attribute) is not null)) is { } helper)
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

        if (Abbreviated(plain) is { } member)
        {
            return Meant(member);
        }

        if (UsualExtras.TryGetValue(plain, out string? attribute))
        {
            return ($"a value that the rule does not compute is declared by an attribute, as in '[{attribute}] {reader.Type.Keyword()} {name}'",
                null);
        }

        if (Corrected(name) is { } other)
        {
            return ($"'{other.Name}' has no correction, which only an average with a Decay has; read it as '{other.InputName}'", null);
        }

        List<string> corrections = [.. members.Where(average => average.Decays).Select(average => average.InputName + Names.Correction)];
        IEnumerable<string> free = inputs.Where(input => !taken.Contains(input));
        string? nearest = Names.Nearest(name, free.Concat(corrections).Concat(Values.Select(Names.Camel)));
        return nearest is null ? ($"name one of {string.Join(", ", inputs)}, or read a hyperparameter by its own name", null)
            : inputs.Contains(nearest) || corrections.Contains(nearest) ? Meant(nearest)
            : Hyperparameter(Values.First(other => Names.Camel(other) == nearest));
    }

    private IEnumerable<string> Values => values.All.Select(value => value.Member.Name).Distinct();

    private string? UsualInput(string plain) => UsualInputs.TryGetValue(plain, out string? usual) && inputs.Contains(usual) ? usual : null;

    /// <summary>The member that a name is short for; null where there is none, or are several. A mark above it is left out.</summary>
    private string? Abbreviated(string plain, bool isPast = false)
    {
        string bare = Marks.Where(mark => plain.Length > mark.Length && plain.EndsWith(mark, StringComparison.Ordinal))
            .Select(mark => plain.Substring(0, plain.Length - mark.Length)).FirstOrDefault() ?? plain;
        if (bare != plain && inputs.FirstOrDefault(input => Normal(input) == bare) is { } unmarked)
        {
            return unmarked;
        }

        List<string> found = [.. members.Where(member => (isPast || member != reader) && IsShort(bare, Words(member.Name)))
            .Select(member => member.InputName).Where(input => isPast || !taken.Contains(input))];
        return found.Count == 1 ? found[0] : bare != plain ? UsualInput(bare) : null;
    }

    /// <summary>The average or state whose correction a name would be, if it had one.</summary>
    private MemberDeclaration? Corrected(string name) => name.EndsWith(Names.Correction, StringComparison.Ordinal)
        ? members.Find(member => member.InputName + Names.Correction == name && !member.Decays)
        : null;

    /// <summary>Whether a name is made of the beginnings of the words, in order and of each.</summary>
    private static bool IsShort(string name, IReadOnlyList<string> words)
    {
        // The lengths of the beginning of the name that the words so far can make.
        HashSet<int> made = [0];
        foreach (string word in words)
        {
            made = [.. made.SelectMany(start => Enumerable.Range(1, word.Length).Select(length => (start, length)))
                .Where(part => part.start + part.length <= name.Length
                    && string.CompareOrdinal(name, part.start, word, 0, part.length) == 0)
                .Select(part => part.start + part.length)];
        }

        return made.Contains(name.Length);
    }

    /// <summary>The words of a name in Pascal case, in lower case.</summary>
    private static List<string> Words(string name)
    {
        var words = new List<string>();
        foreach (char letter in name.Where(char.IsLetterOrDigit))
        {
            if (words.Count == 0 || char.IsUpper(letter))
            {
                words.Add("");
            }

            words[words.Count - 1] += char.ToLowerInvariant(letter);
        }

        return words;
    }

    private (string, string?) Meant(string input) => ($"did you mean '{input}'?", taken.Contains(input) ? null : input);

    private static (string, string?) Hyperparameter(string name)
        => ($"it is the hyperparameter '{name}': read that as a property, and remove the input", null);

    private static string Normal(string name) => new([.. name.Where(char.IsLetterOrDigit).Select(char.ToLowerInvariant)]);
}
