using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OptDsl.Generator.Diagnostics;
using OptDsl.Generator.Language;
using OptDsl.Generator.Parsing;

namespace OptDsl.CodeFixes;

/// <summary>
/// Edits inside a body, made on trial: a fix that changes the type of an expression is offered only where the result
/// compiles and means what was meant.
/// </summary>
internal sealed class Trial
{
    private readonly SemanticModel before, after;
    private readonly MemberDeclarationSyntax oldMember, newMember;

    private Trial(SemanticModel before, SemanticModel after, MemberDeclarationSyntax oldMember, MemberDeclarationSyntax newMember)
    {
        this.before = before;
        this.after = after;
        this.oldMember = oldMember;
        this.newMember = newMember;
    }

    /// <summary>Makes edits that lie in one member of a document; null where there is no such member.</summary>
    internal static async Task<Trial?> MakeAsync(Document document, SyntaxNode place, IReadOnlyList<Edit> edits,
        CancellationToken cancellation)
    {
        Solution changed = await Edit.ApplyAsync(document.Project.Solution, [edits], cancellation).ConfigureAwait(false);
        SemanticModel? before = await document.GetSemanticModelAsync(cancellation).ConfigureAwait(false);
        SemanticModel? after = await changed.GetDocument(document.Id)!.GetSemanticModelAsync(cancellation).ConfigureAwait(false);
        if (before is null || after is null || place.FirstAncestorOrSelf<MemberDeclarationSyntax>() is not { } member)
        {
            return null;
        }

        // The edits touch expressions only, so the members are as many as before.
        int index = Members(await before.SyntaxTree.GetRootAsync(cancellation).ConfigureAwait(false)).IndexOf(member);
        List<MemberDeclarationSyntax> members = Members(await after.SyntaxTree.GetRootAsync(cancellation).ConfigureAwait(false));
        return index < 0 || index >= members.Count ? null : new Trial(before, after, member, members[index]);
    }

    /// <summary>Whether the member has no error of the compiler that it had not before.</summary>
    internal bool Compiles(CancellationToken cancellation)
        => Errors(after, newMember, cancellation) <= Errors(before, oldMember, cancellation);

    /// <summary>Whether no division changed between one of integers, which drops the remainder, and one that does not.</summary>
    internal bool KeepsDivisions(CancellationToken cancellation)
        => Divisions(before, oldMember, cancellation).SequenceEqual(Divisions(after, newMember, cancellation));

    /// <summary>Whether the rules have fewer diagnostics of the id, and no more errors.</summary>
    internal bool Mends(string id, CancellationToken cancellation)
    {
        List<Diagnostic> old = Diagnose(before, oldMember, cancellation), now = Diagnose(after, newMember, cancellation);
        return now.Count(diagnostic => diagnostic.Id == id) < old.Count(diagnostic => diagnostic.Id == id)
            && now.Count(IsError) <= old.Count(IsError);
    }

    private static List<MemberDeclarationSyntax> Members(SyntaxNode root) => [.. root.DescendantNodes().OfType<MemberDeclarationSyntax>()];

    private static bool IsError(Diagnostic diagnostic) => diagnostic.Severity == DiagnosticSeverity.Error;

    private static int Errors(SemanticModel model, SyntaxNode member, CancellationToken cancellation)
        => model.GetDiagnostics(member.Span, cancellation).Count(IsError);

    private static IEnumerable<bool> Divisions(SemanticModel model, SyntaxNode member, CancellationToken cancellation)
        => from node in member.DescendantNodes()
           where node.Kind() is SyntaxKind.DivideExpression or SyntaxKind.ModuloExpression or SyntaxKind.DivideAssignmentExpression
           or SyntaxKind.ModuloAssignmentExpression
           select model.GetTypeInfo(node, cancellation).Type?.SpecialType is SpecialType.System_Double or SpecialType.System_Single;

    /// <summary>What is said of the rule around the member or, of a helper's member, of every rule.</summary>
    private static List<Diagnostic> Diagnose(SemanticModel model, MemberDeclarationSyntax member, CancellationToken cancellation)
    {
        INamedTypeSymbol? around = model.GetDeclaredSymbol(member, cancellation)?.ContainingType;
        IEnumerable<INamedTypeSymbol> rules = around is not null && IsRule(around) ? [around]
            : Types(model.Compilation.Assembly.GlobalNamespace).Where(IsRule);
        var found = new List<Diagnostic>();
        foreach (INamedTypeSymbol rule in rules)
        {
            RuleParser.Parse(rule, model.Compilation, new DiagnosticSink(found.Add), cancellation);
        }

        return found;
    }

    private static bool IsRule(INamedTypeSymbol type) => type.GetAttributes().Any(KnownTypes.IsOptimizerAttribute);

    private static IEnumerable<INamedTypeSymbol> Types(INamespaceOrTypeSymbol container)
    {
        foreach (ISymbol member in container.GetMembers())
        {
            if (member is INamespaceOrTypeSymbol inner)
            {
                if (inner is INamedTypeSymbol type)
                {
                    yield return type;
                }

                foreach (INamedTypeSymbol nested in Types(inner))
                {
                    yield return nested;
                }
            }
        }
    }
}
