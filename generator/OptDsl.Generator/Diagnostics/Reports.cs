using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;
using OptDsl.Generator.Model;

namespace OptDsl.Generator.Diagnostics;

/// <summary>Diagnostics to plain values, and back.</summary>
internal static class Reports
{
    internal static ReportSpec Of(DiagnosticDescriptor descriptor, Location location, IEnumerable<string> arguments)
        => new(descriptor.Id, location.SourceTree?.FilePath ?? "", location.SourceSpan.Start, location.SourceSpan.Length,
            new EquatableArray<string>(arguments));

    /// <summary>The id and message.</summary>
    internal static string Words(this ReportSpec report)
        => $"{report.Id}: {string.Format(CultureInfo.InvariantCulture, DescriptorOf(report).MessageFormat.ToString(CultureInfo.InvariantCulture), [.. report.Arguments])}";

    /// <summary>The diagnostic, in the file that has its path now; null where there is none of its length.</summary>
    internal static Diagnostic? In(this ReportSpec report, Compilation compilation)
        => compilation.SyntaxTrees.FirstOrDefault(tree => tree.FilePath == report.Path
            && tree.Length >= report.Start + report.Length) is { } tree
            ? Diagnostic.Create(DescriptorOf(report), Location.Create(tree, new TextSpan(report.Start, report.Length)),
                [.. report.Arguments])
            : null;

    private static DiagnosticDescriptor DescriptorOf(ReportSpec report)
        => DiagnosticDescriptors.All.First(descriptor => descriptor.Id == report.Id);
}
