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

    internal void Report(DiagnosticDescriptor descriptor, Location location, params object[] arguments)
    {
        HasErrors |= descriptor.DefaultSeverity == DiagnosticSeverity.Error;

        // A helper inlined twice would report the same node twice.
        if (report is not null && seen.Add((descriptor.Id, location)))
        {
            report(Diagnostic.Create(descriptor, location, arguments));
        }
    }

    /// <summary>Stops emission without a diagnostic of ours: the compiler has reported an error of its own.</summary>
    internal void MarkInvalid() => HasErrors = true;
}
