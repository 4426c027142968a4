using OptDsl.Generator.Language;
using OptDsl.Generator.Model;

namespace OptDsl.Generator.Emission.Text;

/// <summary>Names that all parts of a rule's emitted text agree on.</summary>
internal sealed class EmissionNames
{
    internal const string Contract = "global::OptDsl.Contract.";
    internal const string SimdTypes = "global::OptDsl.Simd.";
    internal const string ReductionLanes = Contract + "ReductionLanes.Count";
    internal const string ReductionMask = Contract + "ReductionLanes.Mask";

    /// <summary>
    /// On all that is emitted, but not on the author's type, of which the author's half is no generated code. The version is that of what
    /// the text looks like and stays where it is, so that emitted text does not change with every release.
    /// </summary>
    internal const string GeneratedCode = "[global::System.CodeDom.Compiler.GeneratedCode(\"OptDsl.Generator\", \"1.0\")]";

    internal const string UnsafeAdd = "global::System.Runtime.CompilerServices.Unsafe.Add";

    internal EmissionNames(TypeHierarchy type)
    {
        // The types' own names, too: a type parameter of that name would stand for it.
        var identifiers = new Identifiers(type.Types.SelectMany(layer => layer.TypeParameters.Append(layer.Simple)));
        Element = identifiers.Claim("T");
        Simd = identifiers.Claim("S");
        Vector = identifiers.Claim("V");
        Wide = identifiers.Claim("D");
        WideVector = identifiers.Claim("W");
        Check = identifiers.Claim("C");
        Description = identifiers.Claim("Description");
        Index = type.HidesNuint ? "global::System.UIntPtr" : "nuint";
        string simple = Written(type.Types[type.Types.Count - 1]);
        string qualified = "global::" + (type.Namespace.Length == 0 ? "" : type.Namespace + ".")
            + string.Join(".", type.Types.Select(Written));
        List<string> parameters = [.. type.Types.SelectMany(layer => layer.TypeParameters)];

        // Where an inner type parameter has the name of an outer one, the outer one cannot be named.
        QualifiedRule = parameters.Distinct().Count() < parameters.Count ? simple : qualified;
        Rule = type.HasTwin ? QualifiedRule : simple;
    }

    /// <summary>The type parameter for the element.</summary>
    internal string Element { get; }

    /// <summary>The type parameter for the witness.</summary>
    internal string Simd { get; }

    /// <summary>The type parameter for the vector.</summary>
    internal string Vector { get; }

    /// <summary>The type parameter for the witness of double.</summary>
    internal string Wide { get; }

    /// <summary>The type parameter for the vector of double.</summary>
    internal string WideVector { get; }

    /// <summary>The type parameter for the fault check.</summary>
    internal string Check { get; }

    /// <summary>The nested type that holds the report.</summary>
    internal string Description { get; }

    /// <summary>The type of places in memory.</summary>
    internal string Index { get; }

    /// <summary>The rule's type where it is in scope.</summary>
    internal string Rule { get; }

    /// <summary>The rule's type anywhere.</summary>
    internal string QualifiedRule { get; }

    /// <summary>
    /// C# that reads a value of the rule: by its name, or by the type that declares it where the name stands for another one.
    /// </summary>
    internal static string Read(string rule, string member, string owner)
        => $"{(owner.Length == 0 ? rule : $"(({owner}){rule})")}.{Names.Identifier(member)}";

    /// <summary>A type's name as it is written, escaped where it could be a keyword, with its type parameters.</summary>
    internal static string Written(TypeLayer layer)
        => Names.Identifier(layer.Simple)
        + (layer.TypeParameters.Count == 0 ? "" : $"<{string.Join(", ", layer.TypeParameters.Select(Names.Identifier))}>");

    /// <summary>C# that reads a value by its path, where <c>rule</c> is the rule.</summary>
    internal static string Read(ValuePath path) => path.IsStatic ? $"{path.Owner}.{Names.Identifier(path.Member)}"
        : Read("rule", path.Member, path.Owner);

    /// <summary>The type parameters of emitted methods: no parameter or local of those may have their names.</summary>
    internal string[] TypeParameters => [Element, Simd, Vector, Wide, WideVector, Check];

    internal string ElementConstraint => $"where {Element} : unmanaged, global::System.Numerics.IBinaryFloatingPointIeee754<{Element}>";

    internal string SimdConstraint => $"where {Simd} : struct, {SimdTypes}ISimdOps<{Vector}, {Element}>";

    internal string WideningConstraint
        => $"where {Simd} : struct, {SimdTypes}ISimdOps<{Vector}, {Element}>, {SimdTypes}IWidening<{Vector}, {WideVector}>";

    internal string WideConstraint => $"where {Wide} : struct, {SimdTypes}ISimdOps<{WideVector}, double>";

    internal string CheckConstraint => $"where {Check} : struct, {Contract}IFaultCheck";
}
