using Microsoft.CodeAnalysis;
using OptDsl.Generator.Model;

namespace OptDsl.Generator.Language;

/// <summary>The types the generator knows, all of them by name: it never references the runtime.</summary>
internal static class KnownTypes
{
    internal const string OptimizerAttribute = "OptDsl.OptimizerAttribute";
    internal const string UpdateAttribute = "OptDsl.UpdateAttribute";
    internal const string UpdateRule = "OptDsl.IUpdateRule`1";
    internal const string KernelTypeName = "OptDslKernel";
    internal const string SavedAs = "SavedAs";
    internal const string ReportName = "Report";

    private static readonly (string Attribute, MemberRole Role)[] Roles =
    [
        ("StateAttribute", MemberRole.State),
        ("RunningAverageAttribute", MemberRole.RunningAverage),
        ("DerivedAttribute", MemberRole.Derived),
        ("RateAttribute", MemberRole.Rate),
        ("ReduceAttribute", MemberRole.Reduce),
        ("UpdateAttribute", MemberRole.Update),
        ("ReadAtAttribute", MemberRole.ReadAt),
        ("SearchDirectionAttribute", MemberRole.SearchDirection),
    ];

    internal static bool IsOptimizerAttribute(AttributeData attribute)
        => attribute.AttributeClass is { Name: "OptimizerAttribute" } type && IsIn(type, "OptDsl");

    /// <summary>The role an attribute gives, or null.</summary>
    internal static MemberRole? RoleOf(AttributeData attribute)
    {
        if (attribute.AttributeClass is { } type && IsIn(type, "OptDsl"))
        {
            foreach ((string name, MemberRole role) in Roles)
            {
                if (type.Name == name)
                {
                    return role;
                }
            }
        }

        return null;
    }

    private static readonly (string Attribute, ExtraKind Extra)[] Extras =
    [
        ("PerParameterAttribute", ExtraKind.PerParameter),
        ("PerTensorAttribute", ExtraKind.PerTensor),
        ("GaussianAttribute", ExtraKind.Gaussian),
        ("UniformAttribute", ExtraKind.Uniform),
        ("RademacherAttribute", ExtraKind.Rademacher),
        ("GradientAtAttribute", ExtraKind.GradientAt),
    ];

    /// <summary>What an attribute on a parameter binds it to, or null.</summary>
    internal static ExtraKind? ExtraOf(AttributeData attribute)
    {
        if (attribute.AttributeClass is { } type && IsIn(type, "OptDsl"))
        {
            foreach ((string name, ExtraKind extra) in Extras)
            {
                if (type.Name == name)
                {
                    return extra;
                }
            }
        }

        return null;
    }

    internal static bool IsObserve(AttributeData attribute)
        => attribute.AttributeClass is { Name: "ObserveAttribute" } type && IsIn(type, "OptDsl");

    internal static bool IsDomain(AttributeData attribute)
        => attribute.AttributeClass is { Name: "DomainAttribute" } type && IsIn(type, "OptDsl");

    /// <summary>The framework's, and not a type of that name in a project's own namespace of that name.</summary>
    internal static bool IsSystemMath(INamedTypeSymbol type)
        => type.Name is "Math" or "MathF" && IsIn(type, "System")
        && SymbolEqualityComparer.Default.Equals(type.BaseType?.ContainingAssembly, type.ContainingAssembly);

    internal static bool IsRuleMath(INamedTypeSymbol type) => type.Name == "RuleMath" && IsIn(type, "OptDsl");

    /// <summary>The scalar type of a symbol, or null where a rule cannot hold it.</summary>
    internal static ScalarType? ScalarOf(ITypeSymbol? type) => type?.SpecialType switch
    {
        SpecialType.System_Double => ScalarType.Float64,
        SpecialType.System_Single => ScalarType.Float32,
        SpecialType.System_Int32 => ScalarType.Int32,
        SpecialType.System_Boolean => ScalarType.Boolean,
        _ => null,
    };

    /// <summary>What a value of the type is in an expression: of an enum over int, its number.</summary>
    internal static ScalarType? InBody(ITypeSymbol? type) => ScalarOf(type) ?? (IsEnum(type) ? ScalarType.Int32 : null);

    /// <summary>Whether it is an enum that a rule can read.</summary>
    internal static bool IsEnum(ITypeSymbol? type)
        => type is INamedTypeSymbol { TypeKind: TypeKind.Enum, EnumUnderlyingType.SpecialType: SpecialType.System_Int32 };

    private static bool IsIn(INamedTypeSymbol type, string name)
        => type.ContainingType is null
            && type.ContainingNamespace is { ContainingNamespace.IsGlobalNamespace: true } space
            && space.Name == name;
}
