using FsCheck;
using FsCheck.Fluent;

namespace OptDsl.Generator.Tests.RandomRules;

/// <summary>Draws rules, compiles them in batches, compares, and shrinks what fails.</summary>
internal static class RuleCheck
{
    private const int BatchSize = 40, MostTries = 400;

    /// <summary>Random rules that are valid by construction.</summary>
    internal static Arbitrary<RuleSyntax> Rules { get; } = Arb.From(
        Gen.Choose(0, Choices.Range - 1).ArrayOf(2500).Select(RuleWriter.Write), RuleShrinker.Shrink);

    /// <summary>The rule of a seed, always the same.</summary>
    internal static RuleSyntax Draw(int seed) => Rules.Generator.Sample(1, new Rnd((ulong)seed), 50).Single();

    /// <summary>Checks the rules of so many seeds from the first on; null, or what is wrong with the first bad one, shrunk.</summary>
    internal static string? Run(int first, int count, Action<RuleSyntax> seen)
    {
        for (int start = 0; start < count; start += BatchSize)
        {
            int[] seeds = [.. Enumerable.Range(first + start, Math.Min(BatchSize, count - start))];
            RuleSyntax[] rules = [.. seeds.Select(Draw)];
            Array.ForEach(rules, seen);
            if (FirstFailure(rules, seeds) is { } index)
            {
                return Report(rules[index], seeds[index]);
            }
        }

        return null;
    }

    /// <summary>
    /// Every bad rule of so many seeds, with what is wrong with it first, none shrunk: to see whether there are several bugs. Of a single
    /// seed with the rule's text.
    /// </summary>
    internal static string List(int first, int count)
    {
        var bad = new List<string>();
        for (int start = 0; start < count; start += BatchSize)
        {
            List<int> seeds = [.. Enumerable.Range(first + start, Math.Min(BatchSize, count - start))];
            for (bool again = true; again;)
            {
                using var batch = new RuleBatch([.. seeds.Select(Draw)]);
                again = !batch.IsLoaded;
                foreach ((int index, int seed) in seeds.ToList().Index())
                {
                    string? wrong = batch.Error(index)
                        ?? (again ? null
                            : RulePlan.Of(Draw(seed), seed)
                            .Select(plan => batch.Compare(index, plan) is { } found ? $"{found} {plan}" : null)
                            .FirstOrDefault(found => found is not null));
                    if (wrong is not null)
                    {
                        bad.Add($"{seed}: {wrong}{(count == 1 ? "\n" + Text(Draw(seed)) : "")}");
                        seeds.Remove(seed);
                    }
                }
            }
        }

        return string.Join("\n", bad);
    }

    private static string Text(RuleSyntax rule) => string.Join("\n// The second file.\n", RulePrinter.Print(rule, "R0"));

    private static int? FirstFailure(RuleSyntax[] rules, int[] seeds)
    {
        using var batch = new RuleBatch(rules);
        for (int i = 0; i < rules.Length; i++)
        {
            if (batch.Error(i) is not null
                || (batch.IsLoaded && RulePlan.Of(rules[i], seeds[i]).Any(plan => batch.Compare(i, plan) is not null)))
            {
                return i;
            }
        }

        return null;
    }

    /// <summary>What is wrong with one rule: a diagnostic, or the first comparison that fails.</summary>
    private static (string What, bool IsDiagnostic)? Failure(RuleSyntax rule, int seed)
    {
        using var batch = new RuleBatch([rule]);
        if (batch.Error(0) is { } error)
        {
            return (error, true);
        }

        foreach (RulePlan plan in RulePlan.Of(rule, seed))
        {
            if (batch.Compare(0, plan) is { } wrong)
            {
                return ($"{wrong}\n{plan}", false);
            }
        }

        return null;
    }

    /// <summary>The smallest rule that fails in the same way, what fails, and how to see it again.</summary>
    private static string Report(RuleSyntax rule, int seed)
    {
        (string What, bool IsDiagnostic) failure = Failure(rule, seed) ?? ("it failed among others, but not alone", false);
        string id = Id(failure.What);
        int tries = 0;
        for (bool smaller = true; smaller;)
        {
            smaller = false;
            foreach (RuleSyntax candidate in Rules.Shrinker(rule))
            {
                if (++tries > MostTries)
                {
                    break;
                }

                // A smaller rule may be invalid where the larger one was not; that is no finding.
                if (Failure(candidate, seed) is { } again && again.IsDiagnostic == failure.IsDiagnostic
                    && (!again.IsDiagnostic || Id(again.What) == id))
                {
                    (rule, failure, smaller) = (candidate, again, true);
                    break;
                }
            }
        }

        return $"{failure.What}\nSeed {seed}: OPTDSL_RANDOM_SEED={seed} OPTDSL_RANDOM_RULES=1 runs it again. Shrunk in {Math.Min(tries, MostTries)} tries to:\n\n{Text(rule)}";
    }

    /// <summary>The diagnostics; of the author's own errors the ids, of the compiler's the messages, too.</summary>
    private static string Id(string diagnostics)
        => string.Join(" ",
            diagnostics.Split('\n').Select(line => line.StartsWith("CS", StringComparison.Ordinal) ? line : line.Split(':')[0]).Distinct());
}
