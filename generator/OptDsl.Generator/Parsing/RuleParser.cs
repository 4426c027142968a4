using Microsoft.CodeAnalysis;
using OptDsl.Generator.Diagnostics;
using OptDsl.Generator.Model;

namespace OptDsl.Generator.Parsing;

/// <summary>
/// Reads a type marked <c>[Optimizer]</c> into a <see cref="RuleSpec"/>. The generator and the analyzer share it: what the
/// one drops the other reports.
/// </summary>
internal static class RuleParser
{
    /// <summary>The rule with where the author wrote it, or null where it has an error.</summary>
    internal static DeclaredRule? Parse(INamedTypeSymbol type, Compilation compilation, DiagnosticSink sink, CancellationToken cancellation)
    {
        DeclaredRule? declared = Read(type, compilation, sink, cancellation);
        if (declared is null)
        {
            ReportSilence(type, compilation, sink, cancellation);
        }

        return declared;
    }

    /// <summary>
    /// A rule without a kernel of which nobody says what is wrong with it: else its author would find out when it is run.
    /// </summary>
    internal static void ReportSilence(INamedTypeSymbol type, Compilation compilation, DiagnosticSink sink, CancellationToken cancellation)
    {
        if (sink.IsHeard && sink.Errors.Count == 0 && !IsCompilersError(type, compilation, cancellation))
        {
            sink.Report(DiagnosticDescriptors.GeneratorFailed, type.Locations[0], type.Name, "it was refused without a reason");
        }
    }

    /// <summary>While a rule is typed, the error is mostly in its own text; the whole program is asked only where there is none.</summary>
    private static bool IsCompilersError(INamedTypeSymbol type, Compilation compilation, CancellationToken cancellation)
        => type.DeclaringSyntaxReferences.Any(part => compilation.ContainsSyntaxTree(part.SyntaxTree)
                && compilation.GetSemanticModel(part.SyntaxTree).GetDiagnostics(part.Span, cancellation).Any(IsError))
            || compilation.GetDiagnostics(cancellation).Any(IsError);

    private static bool IsError(Diagnostic diagnostic) => diagnostic.Severity == DiagnosticSeverity.Error;

    private static DeclaredRule? Read(INamedTypeSymbol type, Compilation compilation, DiagnosticSink sink, CancellationToken cancellation)
    {
        sink.ReportWithin(compilation, type);
        DeclarationReader.Check(type, compilation, sink);
        EmissionScope.Check(type, compilation, sink, cancellation);
        AttributeValues.Check(type, sink);
        var refused = new RefusedMembers();
        List<MemberDeclaration> members = RoleReader.Read(type, refused, sink);
        MemberDeclaration? update = members.Find(member => member.Role == MemberRole.Update);
        if (update is null)
        {
            return null;
        }

        var own = new RuleMembers(type, compilation);
        List<AverageSettings?> averages = [.. members.Select(member => AverageSettings.Read(member, members, refused, type, own, sink))];
        List<InitialValue> initials = [.. members.Select(member => InitialValue.Read(member, members, refused, type, own, sink))];
        List<DomainSpec> domains = DomainReader.Read(type, own, sink);
        SavedNames.Check(members, sink);
        var extras = new ExtraInputs(members, sink);
        var binder = new InputBinder(type, own, refused, members, extras, update.Type, sink);
        binder.Bind();
        if (sink.HasErrors)
        {
            return null;
        }

        List<int> order = binder.Order();
        if (sink.HasErrors)
        {
            return null;
        }

        var graph = new ExpressionGraph();
        var translator = new ExpressionTranslator(type, own, update.Type, compilation, graph, sink, cancellation);
        var builder = new RuleBuilder(members, averages, initials, extras.All, update.Type, graph, translator);
        RuleSpec? rule = builder.Build(EmissionScope.Describe(DeclarationReader.Hierarchy(type), type, compilation), type, order, sink);
        if (rule is null)
        {
            return null;
        }

        List<RuleValue> values = RuleValue.Of(type, own, compilation);
        rule = rule with
        {
            Defaults = DefaultValues.Read(type, translator),
            Statics = new EquatableArray<DefaultSpec>(translator.Statics.Select(known => new DefaultSpec(known.Key, known.Value))),
            Domains = new EquatableArray<DomainSpec>(domains),
            Values = new EquatableArray<ValueSpec>(values.Select(value => value.Spec)),
            Copy = RuleValue.Copy(type, values),
            Type = AttributeEffects.Describe(rule.Type,
                [.. members.Select(member => member.Method), .. values.Select(value => value.Member), .. translator.Named,
                    .. averages.Select(average => average?.Source).OfType<ISymbol>()]),
        };
        return sink.HasErrors ? null : new DeclaredRule(rule, type, members, averages, own, extras.All, translator);
    }
}

/// <summary>A valid rule, and where the author wrote its parts: what a warning points at.</summary>
/// <param name="Rule">The rule as plain values.</param>
/// <param name="Type">Its type.</param>
/// <param name="Members">Its members, in the order written.</param>
/// <param name="Averages">Their averages.</param>
/// <param name="Values">Its values.</param>
/// <param name="Extras">The inputs that attributes declare.</param>
/// <param name="Translator">Where its expressions stand.</param>
internal sealed record DeclaredRule(
    RuleSpec Rule, INamedTypeSymbol Type, List<MemberDeclaration> Members, List<AverageSettings?> Averages, RuleMembers Values,
        IReadOnlyList<ExtraSpec> Extras,
    ExpressionTranslator Translator);
