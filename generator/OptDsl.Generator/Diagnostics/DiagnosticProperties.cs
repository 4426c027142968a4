namespace OptDsl.Generator.Diagnostics;

/// <summary>What a diagnostic tells its fix: keys of <see cref="Microsoft.CodeAnalysis.Diagnostic.Properties"/>.</summary>
internal static class DiagnosticProperties
{
    /// <summary>The name meant, by <see cref="DiagnosticIds.UnknownInput"/>; absent where none is near.</summary>
    internal const string Suggestion = nameof(Suggestion);
}
