using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OptDsl.Generator.Diagnostics;
using OptDsl.Generator.Language;
using OptDsl.Generator.Model;

namespace OptDsl.Generator.Parsing;

/// <summary>What is in scope where the kernel is emitted, as far as its text has to give way, or cannot.</summary>
internal static class EmissionScope
{
    // What emitted text names from the framework, and the namespaces on the way there. A type of the project takes such a name away.
    private static readonly string[] Framework =
    [
        "System", "System.Numerics", "System.Runtime", "System.Runtime.CompilerServices", "System.Math", "System.MathF",
            "System.BitConverter", "System.Span`1", "System.ReadOnlySpan`1",
        "System.UIntPtr", "System.ObsoleteAttribute", "System.Obsolete", "System.Numerics.IBinaryFloatingPointIeee754`1",
            "System.Runtime.CompilerServices.Unsafe", "System.Runtime.CompilerServices.MethodImpl",
        "System.Runtime.CompilerServices.MethodImplAttribute", "System.Runtime.CompilerServices.MethodImplOptions",
            "System.Runtime.CompilerServices.SwitchExpressionException",
        "System.CodeDom", "System.CodeDom.Compiler", "System.CodeDom.Compiler.GeneratedCode",
            "System.CodeDom.Compiler.GeneratedCodeAttribute",
    ];

    private static readonly string[] Spaces = ["OptDsl", "OptDsl.Contract", "OptDsl.Simd"];

    internal static void Check(INamedTypeSymbol rule, Compilation compilation, DiagnosticSink sink, CancellationToken cancellation)
    {
        foreach (ISymbol taken in Taken(compilation))
        {
            sink.Report(DiagnosticDescriptors.ReservedName, rule.Locations[0], taken.ToDisplayString(),
                "the kernel takes the type of that name from the framework or from OptDsl, and the project declares another");
        }

        if (InScope(rule, "unmanaged", compilation))
        {
            sink.Report(DiagnosticDescriptors.ReservedName, rule.Locations[0], "unmanaged",
                "a type or namespace in scope has that name, which the kernel needs as a keyword");
        }

        foreach (SyntaxReference part in rule.DeclaringSyntaxReferences)
        {
            CheckGenerated(rule, part.GetSyntax(cancellation), compilation, sink, cancellation);
        }
    }

    /// <summary>The hierarchy with what the emitted text has to give way to.</summary>
    internal static TypeHierarchy Describe(TypeHierarchy hierarchy, INamedTypeSymbol rule, Compilation compilation)
        => hierarchy with
        {
            HasTwin = RuleMembers.ChainOf(rule).Skip(1).Any(type => type.GetTypeMembers(rule.Name, rule.Arity).Length > 0),
            HidesNuint = InScope(rule, "nuint", compilation),
        };

    /// <summary>What the rule reads by a name that the generated part gives to something of its own.</summary>
    private static void CheckGenerated(INamedTypeSymbol rule, SyntaxNode declaration, Compilation compilation, DiagnosticSink sink,
        CancellationToken cancellation)
    {
        SemanticModel? model = null;
        foreach (SimpleNameSyntax name in declaration.DescendantNodes().OfType<SimpleNameSyntax>())
        {
            if (name.Identifier.ValueText is not (KnownTypes.KernelTypeName or KnownTypes.ReportName)
                || !compilation.ContainsSyntaxTree(name.SyntaxTree))
            {
                continue;
            }

            model ??= compilation.GetSemanticModel(name.SyntaxTree);
            if (model.GetSymbolInfo(name, cancellation).Symbol is { } symbol && IsCaptured(rule, name, symbol))
            {
                sink.Report(DiagnosticDescriptors.ReservedName, name.GetLocation(), name.Identifier.ValueText,
                    "the generated part of the rule has that name, which would no longer stand for what is read here");
            }
        }
    }

    /// <summary>Whether the name would find the rule's generated member, and finds something else yet.</summary>
    private static bool IsCaptured(INamedTypeSymbol rule, SimpleNameSyntax name, ISymbol symbol)
    {
        if (SymbolEqualityComparer.Default.Equals(symbol.ContainingType?.OriginalDefinition, rule))
        {
            return false;
        }

        bool qualified = name.Parent switch
        {
            MemberAccessExpressionSyntax access => access.Name == name,
            QualifiedNameSyntax access => access.Right == name,
            AliasQualifiedNameSyntax or MemberBindingExpressionSyntax or NameColonSyntax or NameEqualsSyntax => true,
            _ => false,
        };
        return !qualified
            || RuleMembers.ChainOf(rule)
            .Any(type => SymbolEqualityComparer.Default.Equals(type.OriginalDefinition, symbol.ContainingType?.OriginalDefinition));
    }

    private static IEnumerable<ISymbol> Taken(Compilation compilation)
    {
        IAssemblySymbol own = compilation.Assembly;
        IAssemblySymbol? runtime = compilation.GetTypeByMetadataName(KnownTypes.UpdateRule)?.ContainingAssembly;
        IEnumerable<ISymbol?> taken = Framework.Select(name => own.GetTypeByMetadataName(name));
        if (runtime is not null && !SymbolEqualityComparer.Default.Equals(runtime, own))
        {
            taken = taken.Concat(Spaces.Select(name => own.GetTypeByMetadataName(name)))
                .Concat(Spaces.SelectMany(space => TypesIn(own, space))
                    .Where(type =>
                        runtime.GetTypeByMetadataName(type.ContainingNamespace.ToDisplayString() + "." + type.MetadataName) is not null));
        }

        return taken.Where(type => type is INamedTypeSymbol { IsFileLocal: false }).Select(type => type!);
    }

    private static ImmutableArray<INamedTypeSymbol> TypesIn(IAssemblySymbol assembly, string space)
    {
        INamespaceSymbol? found = assembly.GlobalNamespace;
        foreach (string name in space.Split('.'))
        {
            found = found?.GetNamespaceMembers().FirstOrDefault(member => member.Name == name);
        }

        return found?.GetTypeMembers() ?? [];
    }

    private static bool InScope(INamedTypeSymbol rule, string name, Compilation compilation)
        => rule.DeclaringSyntaxReferences.FirstOrDefault() is { } part && part.GetSyntax() is TypeDeclarationSyntax declaration
            && compilation.GetSemanticModel(part.SyntaxTree).LookupNamespacesAndTypes(WithinOf(declaration), name: name).Any();

    /// <summary>A place within a type; at a type that ends before its body, as while it is typed, the place of the type.</summary>
    private static int WithinOf(TypeDeclarationSyntax declaration)
        => declaration.OpenBraceToken is { RawKind: not 0, IsMissing: false } brace ? brace.SpanStart + 1 : declaration.SpanStart;
}
