using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OptDsl.Generator.Diagnostics;
using OptDsl.Generator.Language;
using OptDsl.Generator.Model;

namespace OptDsl.Generator.Parsing;

/// <summary>Finds the attributed methods of a rule and checks their signatures.</summary>
internal static class RoleReader
{
    private static readonly string[] Reserved =
        ["Parameter", "Gradient", "Step", "Loss", "Rows", "Columns", "Count", "Rank"];

    internal static List<MemberDeclaration> Read(INamedTypeSymbol type, RefusedMembers refused, DiagnosticSink sink)
    {
        var members = new List<MemberDeclaration>();
        foreach (IMethodSymbol method in InOrder(type))
        {
            var roles = method.GetAttributes()
                .Select(attribute => (Attribute: attribute, Role: KnownTypes.RoleOf(attribute)))
                .Where(pair => pair.Role is not null)
                .ToList();
            if (roles.Count == 0)
            {
                continue;
            }

            if (roles.Count > 1)
            {
                sink.Report(DiagnosticDescriptors.TwoRoles, AttributeLocation(roles[1].Attribute), method.Name, roles[0].Role!,
                    roles[1].Role!);
                refused.Add(method.Name);
                continue;
            }

            CheckName(type, method, members, sink);
            if (CheckSignature(type, method, sink) && ElementOf(method, roles[0].Role!.Value, sink) is { } element)
            {
                members.Add(new MemberDeclaration(method, roles[0].Role!.Value, roles[0].Attribute, element));
            }
            else
            {
                refused.Add(method.Name);
            }
        }

        CheckGenerated(type, sink);
        CheckUpdates(type, members, sink);
        CheckSingle(members, MemberRole.ReadAt, sink);
        CheckSingle(members, MemberRole.SearchDirection, sink);
        return members;
    }

    /// <summary>Names that the generated part of a rule needs for itself.</summary>
    private static void CheckGenerated(INamedTypeSymbol type, DiagnosticSink sink)
    {
        // In a build the analyzer sees the kernel, too: that is no clash.
        string kernel = HintNames.Of(type);
        foreach (string name in (string[])[KnownTypes.KernelTypeName, KnownTypes.ReportName])
        {
            ISymbol? clash = type.Name == name ? type
                : type.TypeParameters.FirstOrDefault(parameter => parameter.Name == name)
                    ?? type.GetMembers(name)
                    .FirstOrDefault(member => member.Locations[0].SourceTree?.FilePath.EndsWith(kernel, StringComparison.Ordinal) != true);
            if (clash is not null)
            {
                sink.Report(DiagnosticDescriptors.ReservedName, clash.Locations[0], clash.Name,
                    "the generated part of the rule has that name");
            }
        }
    }

    /// <summary>
    /// In the order written; by name where the methods of a type lie in several files, whose order must not matter.
    /// </summary>
    private static IEnumerable<IMethodSymbol> InOrder(INamedTypeSymbol type)
    {
        // Attributes of a partial method stand on either part; the symbol has both parts' attributes.
        var methods = type.GetMembers().OfType<IMethodSymbol>().Where(method => method.MethodKind == MethodKind.Ordinary).ToList();
        return methods.Where(method => !method.IsImplicitlyDeclared).Select(method => method.Locations[0].SourceTree).Distinct()
            .Count() == 1
            ? methods.OrderBy(method => method.Locations[0].SourceSpan.Start)
            : methods.OrderBy(method => method.Name, StringComparer.Ordinal).ThenBy(method => method.Parameters.Length);
    }

    private static void CheckName(INamedTypeSymbol type, IMethodSymbol method, List<MemberDeclaration> members, DiagnosticSink sink)
    {
        string input = Names.Camel(method.Name);
        string? reason =
            method.Name.StartsWith("Previous", StringComparison.OrdinalIgnoreCase) ? "an input 'previousX' reads the previous value of X"
            : Reserved.Contains(Names.Pascal(method.Name)) ? $"'{input}' is a built-in input"
            : members.Find(other => other.InputName == input && other.Name != method.Name) is { } twin
            ? $"'{twin.Name}' is read by the same input name '{twin.InputName}'"
            : null;
        if (reason is not null)
        {
            sink.Report(DiagnosticDescriptors.ReservedName, method.Locations[0], method.Name, reason);
        }

        if (type.GetMembers(method.Name).Length > 1)
        {
            sink.Report(DiagnosticDescriptors.SignatureNotSupported, method.Locations[0], method.Name, "is overloaded",
                "give each overload a name of its own");
        }
    }

    private static bool CheckSignature(INamedTypeSymbol type, IMethodSymbol method, DiagnosticSink sink)
    {
        (Location Location, string What, string Advice)? problem =
            method.IsGenericMethod ? (TypeParameters(method), "is generic", "declare it in the rule's element type")
            : method.IsAsync ? (method.Locations[0], "is async", "remove 'async'; a step computes, it does not wait")
            : method.ReturnsVoid ? (ReturnType(method), "returns nothing", "return the member's value")
            : method.ReturnsByRef || method.ReturnsByRefReadonly ? (ReturnType(method), "returns a reference", "return the value itself")
            : method.IsAbstract || method.IsExtern ? (method.Locations[0], "has no body", "write its body here")
            : null;
        foreach (IParameterSymbol parameter in method.Parameters)
        {
            problem ??= parameter.RefKind != RefKind.None
                ? (parameter.Locations[0], $"takes '{parameter.Name}' by reference", "take it by value")
                : parameter.IsParams ? (parameter.Locations[0], $"takes '{parameter.Name}' as params", "take each input by its own name")
                : null;
        }

        if (problem is var (location, what, advice))
        {
            sink.Report(DiagnosticDescriptors.SignatureNotSupported, location, method.Name, what, advice);
        }

        return problem is null && type.GetMembers(method.Name).Length == 1;
    }

    private static ScalarType? ElementOf(IMethodSymbol method, MemberRole role, DiagnosticSink sink)
    {
        ScalarType? type = KnownTypes.ScalarOf(method.ReturnType);
        if (method.ReturnType.TypeKind == TypeKind.Error)
        {
            sink.MarkInvalid();
            return null;
        }

        bool derived = role is MemberRole.Derived;
        if (type is null || (!type.Value.IsFloating() && !derived))
        {
            sink.Report(DiagnosticDescriptors.ElementTypeNotSupported, ReturnType(method), method.Name,
                method.ReturnType.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat),
                method.ReturnType is ITypeParameterSymbol
                    ? "a rule is declared in one type, and one in double runs on buffers of float, too"
                    : type is null ? "a lane of a kernel holds double or float" : $"a [{role}] is stored or applied as double or float");
            return null;
        }

        return type;
    }

    private static void CheckUpdates(INamedTypeSymbol type, List<MemberDeclaration> members, DiagnosticSink sink)
    {
        var updates = members.Where(member => member.Role == MemberRole.Update).ToList();
        int written = type.GetMembers().OfType<IMethodSymbol>()
            .Count(method => method.GetAttributes().Any(attribute => KnownTypes.RoleOf(attribute) == MemberRole.Update));
        if (written != 1)
        {
            sink.Report(DiagnosticDescriptors.NotExactlyOneUpdate,
                written == 0 ? type.Locations[0] : updates.LastOrDefault()?.Location ?? type.Locations[0],
                type.Name, written == 0 ? "no" : written,
                    written == 0 ? "mark the method that returns the new parameter"
                        : "keep the one that returns the new parameter, and mark the others [Derived]");
        }

        if (updates.Count != 1)
        {
            return;
        }

        MemberDeclaration update = updates[0];
        foreach (MemberDeclaration member in members)
        {
            if (member.Type.IsFloating() && member.Type != update.Type)
            {
                sink.Report(DiagnosticDescriptors.ElementTypesMixed, ReturnType(member.Method), member.Name, member.Type.Keyword(),
                    update.Name, update.Type.Keyword());
            }
        }
    }

    /// <summary>A role that at most one member has.</summary>
    private static void CheckSingle(List<MemberDeclaration> members, MemberRole role, DiagnosticSink sink)
    {
        foreach (MemberDeclaration extra in members.Where(member => member.Role == role).Skip(1))
        {
            sink.Report(DiagnosticDescriptors.MisplacedAttribute, AttributeLocation(extra.Attribute), role, extra.Name,
                "a rule has at most one; keep one of them");
        }
    }

    internal static bool IsInRule(IMethodSymbol method)
        => method.ContainingType?.GetAttributes().Any(KnownTypes.IsOptimizerAttribute) == true;

    /// <summary>Roles on a method that no rule has: an accessor, or a method of a type that is not marked.</summary>
    internal static void ReportMisplaced(IMethodSymbol method, DiagnosticSink sink)
    {
        bool inRule = IsInRule(method);
        if (inRule && method.MethodKind == MethodKind.Ordinary)
        {
            return;
        }

        string advice = inRule ? "put it on an ordinary method"
            : method.ContainingType is { IsAbstract: true }
            ? "members must be in the rule itself, not in a base type; move it into the type marked [Optimizer]"
            : $"mark '{method.ContainingType?.Name}' with [Optimizer], or remove it; if it is a base type of a rule, move the method into the rule";
        foreach (AttributeData attribute in method.GetAttributes())
        {
            if (KnownTypes.RoleOf(attribute) is MemberRole role)
            {
                sink.Report(DiagnosticDescriptors.MisplacedAttribute, AttributeLocation(attribute), role,
                    method.AssociatedSymbol?.Name ?? method.Name, advice);
            }
        }
    }

    internal static Location AttributeLocation(AttributeData attribute) => attribute.ApplicationSyntaxReference!.GetSyntax().GetLocation();

    private static Location ReturnType(IMethodSymbol method)
        => (Syntax(method)?.ReturnType.GetLocation()) ?? method.Locations[0];

    private static Location TypeParameters(IMethodSymbol method)
        => Syntax(method)?.TypeParameterList?.GetLocation() ?? method.Locations[0];

    private static MethodDeclarationSyntax? Syntax(IMethodSymbol method)
        => method.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() as MethodDeclarationSyntax;
}
