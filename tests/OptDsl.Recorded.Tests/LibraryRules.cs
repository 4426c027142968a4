using System.Reflection;
using System.Runtime.CompilerServices;
using OptDsl.Contract;
using OptDsl.Rules;
using OptDsl.Testing;

namespace OptDsl.Recorded.Tests;

/// <summary>The rules of the library, as shipped and with fused arithmetic.</summary>
internal static class LibraryRules
{
    // Hyperparameters whose default leaves a part of the rule out.
    private static readonly Dictionary<string, double> Telling = new()
    {
        ["WeightDecay"] = 0.125,
        ["WarmUp"] = 3,
        ["Begin"] = 2,
        ["InitialSum"] = 0.25,
        ["RateDecay"] = 0.125,
        ["L1"] = 0.125,
        ["L2"] = 0.125,
        ["Momentum"] = 0.5,
    };

    private static readonly Lazy<Assembly> Fused = new(CompileFused);

    /// <summary>Their types, by name.</summary>
    internal static SortedDictionary<string, Type> Strict { get; } = new(
        typeof(Adam).Assembly.GetExportedTypes().Where(IsRule).ToDictionary(type => type.Name), StringComparer.Ordinal);

    /// <summary>The rule of that name with fused arithmetic: the library's own text, with that argument added to its attribute.</summary>
    internal static Type FusedOf(string name) => Fused.Value.GetType($"OptDsl.Fused.{name}", throwOnError: true)!;

    /// <summary>A rule with its defaults, but for those that leave a part of it out.</summary>
    internal static TRule Make<TRule>(RuleSchema schema)
        where TRule : class, IRuleValues
    {
        ConstructorInfo constructor = typeof(TRule).GetConstructors().MaxBy(constructor => constructor.GetParameters().Length)!;
        var rule = (TRule)constructor.Invoke([.. constructor.GetParameters().Select(parameter => parameter.DefaultValue)]);
        var values = new double[schema.Values.Length];
        rule.GetValues(values);
        for (int i = 0; i < values.Length; i++)
        {
            if (values[i] == 0 && Telling.TryGetValue(schema.Values[i].Name, out double telling))
            {
                values[i] = telling;
            }
        }

        return (TRule)rule.WithValues(values);
    }

    private static bool IsRule(Type type) => type.Namespace == typeof(Adam).Namespace && type.IsAssignableTo(typeof(IUpdateRule<double>));

    private static Assembly CompileFused()
    {
        string[] sources = [.. Directory.EnumerateFiles(Folder(), "*.cs").Order(StringComparer.Ordinal).Select(Fuse)];
        return EmittedRules.Load(sources);
    }

    private static string Fuse(string file)
    {
        string strict = File.ReadAllText(file);
        string fused = strict.Replace("\n[Optimizer]\n", "\n[Optimizer(Arithmetic = Arithmetic.Fused)]\n", StringComparison.Ordinal)
            .Replace("namespace OptDsl.Rules;", "namespace OptDsl.Fused;", StringComparison.Ordinal);
        return fused.Contains("Arithmetic.Fused", StringComparison.Ordinal) ? fused
            : throw new InvalidOperationException($"{file} could not be made fused.");
    }

    private static string Folder([CallerFilePath] string here = "")
        => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "runtime", "OptDsl", "Rules"));
}
