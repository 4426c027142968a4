using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace OptDsl.Generator.Tests.Structure;

/// <summary>Which folder of a project names what another one declares, by the symbols of its sources and not by their namespaces.</summary>
internal static class FolderGraph
{
    // What the SDK adds to a project with implicit usings.
    private const string ImplicitUsings =
        "global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq; global using System.Net.Http; global using System.Threading; global using System.Threading.Tasks;";

    /// <summary>
    /// Each reference from a folder to another, with a place where it stands. What does not bind, such as generated code, counts for
    /// nothing.
    /// </summary>
    /// <param name="root">The project's folder.</param>
    /// <param name="references">What it refers to.</param>
    internal static SortedDictionary<(string From, string To), string> Of(string root, IEnumerable<MetadataReference> references)
    {
        var options = new CSharpParseOptions(LanguageVersion.Preview);
        string[] files = [.. Directory.GetFiles(root, "*.cs", SearchOption.AllDirectories)
            .Where(file => !IsBuilt(Path.GetRelativePath(root, file))).Order(StringComparer.Ordinal)];
        var trees = files.Select(file => CSharpSyntaxTree.ParseText(File.ReadAllText(file), options, file))
            .Append(CSharpSyntaxTree.ParseText(ImplicitUsings, options, "usings"));
        var compilation = CSharpCompilation.Create("Structure", trees, references,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true));
        var found = new SortedDictionary<(string From, string To), string>();
        foreach (SyntaxTree tree in compilation.SyntaxTrees.Where(tree => tree.FilePath != "usings"))
        {
            SemanticModel model = compilation.GetSemanticModel(tree);
            string from = Folder(root, tree.FilePath);
            foreach (SimpleNameSyntax name in tree.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>())
            {
                // In a using directive a namespace is named, which no folder owns.
                ISymbol? symbol = model.GetSymbolInfo(name).Symbol;
                foreach (string to in Homes(symbol).Select(file => Folder(root, file)).Where(to => to != from))
                {
                    found.TryAdd((from, to), $"{Path.GetFileName(tree.FilePath)}: {name}");
                }
            }
        }

        return found;
    }

    /// <summary>The files in which a type, or the type of a member, is declared: of a type in parts, all of one folder or none.</summary>
    private static ImmutableArray<string> Homes(ISymbol? symbol)
    {
        INamedTypeSymbol? type = symbol switch
        {
            INamedTypeSymbol named => named,
            IMethodSymbol or IPropertySymbol or IFieldSymbol or IEventSymbol => symbol.ContainingType,
            _ => null,
        };
        ImmutableArray<string> files = type is null ? []
            : [.. type.OriginalDefinition.DeclaringSyntaxReferences.Select(reference => reference.SyntaxTree.FilePath)];
        return files.Select(Path.GetDirectoryName).Distinct().Count() == 1 ? [files[0]] : [];
    }

    private static string Folder(string root, string file)
        => Path.GetRelativePath(root, Path.GetDirectoryName(file)!).Replace(Path.DirectorySeparatorChar, '/');

    private static bool IsBuilt(string path)
        => path.Split(Path.DirectorySeparatorChar) is [.. var folders, _] && (folders.Contains("obj") || folders.Contains("bin"));
}
