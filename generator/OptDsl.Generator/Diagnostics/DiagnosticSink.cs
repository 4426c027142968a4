using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace OptDsl.Generator.Diagnostics;

/// <summary>
/// Where the parser reports. The analyzer passes them on; the generator only needs to know that there was an error,
/// because it emits nothing for a rule that has one.
/// </summary>
internal sealed class DiagnosticSink(Action<Diagnostic>? report)
{
    private readonly HashSet<(string Id, Location Location)> seen = [];

    internal bool HasErrors { get; private set; }

    /// <summary>Whether anybody hears of it; if not, what is only a warning need not be looked for.</summary>
    internal bool IsHeard => report is not null;

    internal void Report(DiagnosticDescriptor descriptor, Location location, params object[] arguments)
        => Report(descriptor, location, [], ImmutableDictionary<string, string?>.Empty, arguments);

    /// <param name="descriptor">What is reported.</param>
    /// <param name="location">Where it is shown.</param>
    /// <param name="others">Other places its fix has to know.</param>
    /// <param name="properties">What its fix has to know besides, under the names in <see cref="DiagnosticProperties"/>.</param>
    /// <param name="arguments">Of the message.</param>
    internal void Report(
        DiagnosticDescriptor descriptor, Location location, Location[] others, ImmutableDictionary<string, string?> properties, object[] arguments)
    {
        HasErrors |= descriptor.DefaultSeverity == DiagnosticSeverity.Error;

        // A helper inlined twice would report the same node twice.
        if (report is not null && seen.Add((descriptor.Id, location)))
        {
            report(Diagnostic.Create(descriptor, location, others, properties, arguments));
        }
    }

    /// <summary>Stops emission without a diagnostic of ours: the compiler has reported an error of its own.</summary>
    internal void MarkInvalid() => HasErrors = true;
}
