using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OptDsl.Generator.Diagnostics;

namespace OptDsl.CodeFixes;

/// <summary>OPT0003: a struct becomes a sealed class, a record struct a sealed record.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(StructToClassFix)), Shared]
public sealed class StructToClassFix() : RuleCodeFix(DiagnosticIds.RuleIsStruct)
{
    private protected override string Title(Diagnostic diagnostic) => "Declare as a sealed class or record";

    internal override async Task<IReadOnlyList<Edit>> FindEditsAsync(Document document, Diagnostic diagnostic,
        CancellationToken cancellation)
    {
        Solution solution = document.Project.Solution;
        INamedTypeSymbol? rule = await Declarations.TypeAtAsync(solution, diagnostic.Location, cancellation).ConfigureAwait(false);
        var edits = new List<Edit>();
        foreach (SyntaxReference reference in rule?.DeclaringSyntaxReferences ?? [])
        {
            if (reference.GetSyntax(cancellation) is TypeDeclarationSyntax declaration
                && solution.GetDocumentId(reference.SyntaxTree) is { } id)
            {
                edits.AddRange(Convert(declaration, id));
            }
        }

        return edits;
    }

    private static IEnumerable<Edit> Convert(TypeDeclarationSyntax declaration, DocumentId document)
    {
        // What a class cannot be: readonly, or ref.
        foreach (SyntaxToken modifier in declaration.Modifiers.Where(modifier => modifier.IsKind(SyntaxKind.ReadOnlyKeyword)
            || modifier.IsKind(SyntaxKind.RefKeyword)))
        {
            yield return Edit.Remove(document, modifier);
        }

        foreach (SyntaxToken modifier in declaration.Members.SelectMany(ReadOnlyModifiers))
        {
            yield return Edit.Remove(document, modifier);
        }

        SyntaxToken partial = declaration.Modifiers.FirstOrDefault(modifier => modifier.IsKind(SyntaxKind.PartialKeyword));
        bool isPartial = partial.IsKind(SyntaxKind.PartialKeyword);
        if (isPartial)
        {
            yield return Edit.Insert(document, partial.SpanStart, "sealed ");
        }

        string before = isPartial ? "" : "sealed ";
        if (declaration is RecordDeclarationSyntax record)
        {
            if (!isPartial)
            {
                yield return Edit.Insert(document, record.Keyword.SpanStart, before);
            }

            yield return Edit.Remove(document, record.ClassOrStructKeyword);
        }
        else
        {
            yield return Edit.Replace(document, declaration.Keyword, before + "class");
        }
    }

    /// <summary>A method, property or accessor of a struct may promise not to change it; one of a class may not.</summary>
    private static IEnumerable<SyntaxToken> ReadOnlyModifiers(MemberDeclarationSyntax member)
    {
        IEnumerable<SyntaxToken> modifiers = member is FieldDeclarationSyntax or BaseTypeDeclarationSyntax ? [] : member.Modifiers;
        if (member is BasePropertyDeclarationSyntax { AccessorList: { } list })
        {
            modifiers = modifiers.Concat(list.Accessors.SelectMany(accessor => accessor.Modifiers));
        }

        return modifiers.Where(modifier => modifier.IsKind(SyntaxKind.ReadOnlyKeyword));
    }
}
