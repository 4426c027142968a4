using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OptDsl.Generator.Language;
using OptDsl.Generator.Model;

namespace OptDsl.Generator.Parsing;

/// <summary>The attributes of the rule language, typed: nowhere else are their arguments read.</summary>
internal static class RuleAttributes
{
    /// <summary>Whether a rule's products are contracted.</summary>
    internal static bool IsFused(INamedTypeSymbol rule)
        => Named(rule.GetAttributes().First(KnownTypes.IsOptimizerAttribute), "Arithmetic") is { Value: 1 };

    /// <summary>The text an attribute is made with: an interval, or the name of a member.</summary>
    internal static string? Text(AttributeData attribute) => attribute.ConstructorArguments.FirstOrDefault().Value as string;

    /// <summary>What a reduction does.</summary>
    internal static ReductionSpec Reduction(AttributeData attribute) => new(
        attribute.ConstructorArguments.FirstOrDefault().Value is int combine ? (ReductionOperator)combine : ReductionOperator.Sum,
            Scope(attribute) ?? ScopeKind.Tensor);

    /// <summary>The scope of a reduction or draw, where it says one.</summary>
    internal static ScopeKind? Scope(AttributeData attribute) => Named(attribute, "Scope") is { Value: int scope } ? (ScopeKind)scope
        : null;

    /// <summary>What the decay, window or weight of an average is set to.</summary>
    internal static TypedConstant? Setting(AttributeData attribute, Averaging averaging) => Named(attribute, NameOf(averaging));

    /// <summary>The correction that an average says: 1 for the published one; null where it says none.</summary>
    internal static int? Correction(AttributeData attribute) => Named(attribute, "Correction") is { Value: int correction } ? correction
        : null;

    /// <summary>What a state begins with, where it says so.</summary>
    internal static TypedConstant? Initial(AttributeData attribute) => Named(attribute, "Initial");

    /// <summary>A state's name in files, where that is not its own.</summary>
    internal static string? SavedAs(AttributeData attribute)
        => Named(attribute, KnownTypes.SavedAs) is { Kind: TypedConstantKind.Primitive, Value: string name } ? name : null;

    /// <summary>The property of an average's attribute.</summary>
    internal static string NameOf(Averaging averaging) => averaging switch
    {
        Averaging.Decay => "Decay",
        Averaging.Window => "Window",
        _ => "Weight",
    };

    /// <summary>Where an attribute sets a property, or the attribute itself.</summary>
    internal static Location LocationOf(AttributeData attribute, string property)
        => (SyntaxOf(attribute, property) ?? attribute.ApplicationSyntaxReference!.GetSyntax()).GetLocation();

    /// <summary>What an attribute sets a property to; null where it does not.</summary>
    internal static ExpressionSyntax? SyntaxOf(AttributeData attribute, string property)
        => ((AttributeSyntax)attribute.ApplicationSyntaxReference!.GetSyntax()).ArgumentList?.Arguments
            .FirstOrDefault(argument => argument.NameEquals?.Name.Identifier.ValueText == property)?.Expression;

    private static TypedConstant? Named(AttributeData attribute, string name)
    {
        foreach (KeyValuePair<string, TypedConstant> argument in attribute.NamedArguments)
        {
            if (argument.Key == name)
            {
                return argument.Value;
            }
        }

        return null;
    }
}
