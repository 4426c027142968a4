using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;
using OptDsl.Generator.Diagnostics;

namespace OptDsl.Generator.Model;

/// <summary>A diagnostic as a plain value.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Path">Its file.</param>
/// <param name="Start">The first character of its span.</param>
/// <param name="Length">The length of its span.</param>
/// <param name="Arguments">Of its message.</param>
internal sealed record ReportSpec(string Id, string Path, int Start, int Length, EquatableArray<string> Arguments)
{
    /// <summary>Its id and message.</summary>
    internal string Words => $"{Id}: {string.Format(CultureInfo.InvariantCulture, Descriptor.MessageFormat.ToString(CultureInfo.InvariantCulture), [.. Arguments])}";

    private DiagnosticDescriptor Descriptor => DiagnosticDescriptors.All.First(descriptor => descriptor.Id == Id);

    internal static ReportSpec Of(DiagnosticDescriptor descriptor, Location location, IEnumerable<string> arguments)
        => new(descriptor.Id, location.SourceTree?.FilePath ?? "", location.SourceSpan.Start, location.SourceSpan.Length, new EquatableArray<string>(arguments));

    /// <summary>The diagnostic, in the file that has its path now; null where there is none of its length.</summary>
    internal Diagnostic? In(Compilation compilation)
        => compilation.SyntaxTrees.FirstOrDefault(tree => tree.FilePath == Path && tree.Length >= Start + Length) is { } tree
            ? Diagnostic.Create(Descriptor, Location.Create(tree, new TextSpan(Start, Length)), [.. Arguments])
            : null;
}
