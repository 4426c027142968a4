using System.Collections.Immutable;
using System.Globalization;
using Microsoft.CodeAnalysis;
using OptDsl.Generator.Model;

namespace OptDsl.Generator.Diagnostics;

/// <summary>
/// Where the parser reports. The analyzer passes all on; the generator, which passes nothing on, keeps the errors, because a rule that has
/// one gets no kernel.
/// </summary>
internal sealed class DiagnosticSink(Action<Diagnostic>? report)
{
    private readonly HashSet<(string Id, Location Location)> seen = [];

    private readonly List<ReportSpec> errors = [];
    private Compilation? compilation;
    private Location home = Location.None;

    internal bool HasErrors { get; private set; }

    /// <summary>The errors.</summary>
    internal IReadOnlyList<ReportSpec> Errors => errors;

    /// <summary>Whether anybody hears of it; if not, what is only a warning need not be looked for.</summary>
    internal bool IsHeard => report is not null;

    /// <summary>
    /// What lies in another project, as a base record may, is reported where the rule is: a location outside the compilation ends an
    /// analyzer.
    /// </summary>
    internal void ReportWithin(Compilation rules, INamedTypeSymbol rule) => (compilation, home) = (rules, rule.Locations[0]);

    internal void Report(DiagnosticDescriptor descriptor, Location location, params object[] arguments)
        => Report(descriptor, location, [], ImmutableDictionary<string, string?>.Empty, arguments);

    /// <param name="descriptor">What is reported.</param>
    /// <param name="location">Where it is shown.</param>
    /// <param name="others">Other places its fix has to know.</param>
    /// <param name="properties">What its fix has to know besides, under the names in <see cref="DiagnosticProperties"/>.</param>
    /// <param name="arguments">Of the message.</param>
    internal void Report(
        DiagnosticDescriptor descriptor, Location location, Location[] others, ImmutableDictionary<string, string?> properties,
            object[] arguments)
    {
        if (compilation is not null && (location.SourceTree is not { } tree || !compilation.ContainsSyntaxTree(tree)))
        {
            location = home;
        }

        bool isError = descriptor.DefaultSeverity == DiagnosticSeverity.Error;
        HasErrors |= isError;

        // A helper inlined twice would report the same node twice.
        if ((report is null && !isError) || !seen.Add((descriptor.Id, location)))
        {
            return;
        }

        // As interned text: the compiler shows what the generator and the analyzer report once, and compares arguments by reference.
        string[] words = [.. arguments.Select(argument => string.Intern(Convert.ToString(argument, CultureInfo.InvariantCulture) ?? ""))];
        report?.Invoke(Diagnostic.Create(descriptor, location, others, properties, words));
        if (isError)
        {
            errors.Add(Reports.Of(descriptor, location, words));
        }
    }

    /// <summary>Stops emission without a diagnostic of ours: the compiler has reported an error of its own.</summary>
    internal void MarkInvalid() => HasErrors = true;
}
