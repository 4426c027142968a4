using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace OptDsl.Testing;

/// <summary>Compilations against this runtime and OptDsl's, as an author's project would have them.</summary>
public static class RuleCompilation
{
    /// <summary>The usings an SDK project has, and OptDsl's.</summary>
    public const string Usings = """
        global using System;
        global using OptDsl;
        """;

    /// <summary>This runtime's assemblies and OptDsl's.</summary>
    public static ImmutableArray<MetadataReference> References { get; } =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path) is var name
                && (name.StartsWith("System.", StringComparison.Ordinal) || name is "netstandard.dll" or "OptDsl.Runtime.dll"))
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    /// <summary>The parse options of an author's project.</summary>
    public static CSharpParseOptions Options(LanguageVersion version = LanguageVersion.Latest)
        => new(version, DocumentationMode.Diagnose);

    /// <summary>A library of the given files, with the usings an SDK project has.</summary>
    public static CSharpCompilation Create(params string[] files)
        => Create(LanguageVersion.Latest, checkOverflow: false, files);

    /// <summary>A library of the given files, in the given version of the language.</summary>
    public static CSharpCompilation Create(LanguageVersion version, bool checkOverflow, params string[] files)
        => CSharpCompilation.Create(
            "Author",
            [
                .. files.Select((text, index) => CSharpSyntaxTree.ParseText(text, Options(version), $"File{index}.cs")),
                CSharpSyntaxTree.ParseText(Usings, Options(version), "Usings.cs"),
            ],
            References,
            Library(checkOverflow));

    /// <summary>The compilation options of an author's library.</summary>
    public static CSharpCompilationOptions Library(bool checkOverflow = false)
        => new(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable, checkOverflow: checkOverflow,
            warningLevel: 9999);
}
