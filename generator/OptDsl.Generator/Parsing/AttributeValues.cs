using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OptDsl.Generator.Diagnostics;
using OptDsl.Generator.Language;
using OptDsl.Generator.Model;

namespace OptDsl.Generator.Parsing;

/// <summary>
/// Checks the values of enums in attributes: a conversion makes a value that none of them is, and which would be taken for another.
/// </summary>
internal static class AttributeValues
{
    internal static void Check(INamedTypeSymbol rule, DiagnosticSink sink)
    {
        Check(rule.GetAttributes().Where(KnownTypes.IsOptimizerAttribute), rule.Name, sink);
        foreach (IMethodSymbol method in rule.GetMembers().OfType<IMethodSymbol>())
        {
            Check(method.GetAttributes().Where(attribute => KnownTypes.RoleOf(attribute) is not null), method.Name, sink);
            foreach (IParameterSymbol parameter in method.Parameters)
            {
                Check(parameter.GetAttributes().Where(attribute => KnownTypes.ExtraOf(attribute) is not null), parameter.Name, sink);
            }
        }
    }

    private static void Check(IEnumerable<AttributeData> attributes, string name, DiagnosticSink sink)
    {
        foreach (AttributeData attribute in attributes)
        {
            for (int i = 0; i < attribute.ConstructorArguments.Length; i++)
            {
                Check(attribute, attribute.ConstructorArguments[i], attribute.AttributeConstructor!.Parameters[i].Name, i, name, sink);
            }

            foreach (KeyValuePair<string, TypedConstant> argument in attribute.NamedArguments)
            {
                Check(attribute, argument.Value, argument.Key, -1, name, sink);
            }
        }
    }

    private static void Check(AttributeData attribute, TypedConstant value, string what, int place, string name, DiagnosticSink sink)
    {
        if (value is not { Kind: TypedConstantKind.Enum, Type: INamedTypeSymbol type })
        {
            return;
        }

        List<IFieldSymbol> members = [.. type.GetMembers().OfType<IFieldSymbol>().Where(field => field.HasConstantValue)];
        if (members.Exists(member => Equals(member.ConstantValue, value.Value)))
        {
            return;
        }

        var syntax = (AttributeSyntax)attribute.ApplicationSyntaxReference!.GetSyntax();
        AttributeArgumentSyntax? argument = syntax.ArgumentList?.Arguments
            .Where((argument, index) => argument.NameEquals is { } property ? property.Name.Identifier.ValueText == what
                : argument.NameColon is { } parameter ? parameter.Name.Identifier.ValueText == what
                : index == place)
            .FirstOrDefault();
        Location location = (argument?.Expression ?? (SyntaxNode)syntax).GetLocation();
        // One parameter is nothing to reduce.
        members.RemoveAll(member => KnownTypes.RoleOf(attribute) == MemberRole.Reduce && type.Name == "Scope"
            && member.Name == "Parameter");
        sink.Report(DiagnosticDescriptors.ValueOfNoMember, location, Names.Pascal(what), name, value.Value?.ToString() ?? "null", type.Name,
            string.Join(", ", members.Select(member => member.Name)));
    }
}
